/** What a template writes, and what is left to do by hand. */
export interface Scaffold {
	files: { path: string; text: string }[];
	next: string[];
}

/** "retention-days" -> "retentionDays". */
export function camelCase(kebab: string): string {
	return kebab.replaceAll(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

/** "MailArchive" -> "mail-archive". */
export function kebabCase(pascal: string): string {
	return pascal.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}

export function snakeCase(kebab: string): string {
	return kebab.replaceAll("-", "_");
}

/** "mail-archive" -> "Mail archive". */
export function words(kebab: string): string {
	const text = kebab.replaceAll(/[-_]/g, " ");
	return text.charAt(0).toUpperCase() + text.slice(1);
}
