/** Resource ids exactly as printed; `*` only at the end stands for the rest (records.md section 16). */
export function matchesResource(resource: string, pattern: string): boolean {
	return pattern.endsWith("*") ? resource.startsWith(pattern.slice(0, -1)) : resource === pattern;
}
