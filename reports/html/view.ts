import { visible } from "../internal/text.ts";
import { ReportError } from "../report-error.ts";

/** What a template may print: plain data only. */
export type Leaf = string | number | boolean | null | Href;
export type View = Leaf | readonly View[] | { readonly [name: string]: View };

/** A link target made by this code: a fragment of this file, an https address or a relative path. Never text from outside as it is. */
export class Href {
	readonly value: string;
	private constructor(value: string) {
		this.value = value;
	}

	/** A link to an id in the same file. */
	static fragment(id: string): Href {
		if (!/^[A-Za-z][A-Za-z0-9._-]*$/.test(id)) throw new ReportError(`not an id: ${JSON.stringify(id)}`);
		return new Href(`#${id}`);
	}

	/** An absolute https address without credentials; null for anything else, which is printed as text. */
	static https(text: string): Href | null {
		if (!text.toLowerCase().startsWith("https://") || !URL.canParse(text)) return null;
		const url = new URL(text);
		if (url.protocol !== "https:" || url.username !== "" || url.password !== "") return null;
		return new Href(url.href);
	}

	/** A file beside or below this one; null for schemes, absolute paths and whatever a browser could take for one. */
	static relative(path: string): Href | null {
		if (path === "" || /^[/\\]/.test(path) || /[:\\?#]/.test(path) || /[\p{Cc}\p{Cs}]/u.test(path)) return null;
		return new Href(path.split("/").map(encodeURIComponent).join("/"));
	}
}

/**
 * Makes a view safe to print, whatever its strings hold: unseen characters become codes, link targets stay as they are.
 * Objects lose their prototype, so that printing one by mistake throws instead of leaving "[object Object]" in a report.
 */
export function sealed(view: View): unknown {
	if (typeof view === "string") return visible(view);
	if (view === null || typeof view === "boolean") return view;
	if (typeof view === "number") {
		if (!Number.isFinite(view)) throw new ReportError(`a figure of the report is ${view}`);
		return String(view);
	}
	if (view instanceof Href) return view.value;
	if (Array.isArray(view)) return view.map((item: View) => sealed(item));
	const out: Record<string, unknown> = Object.create(null);
	for (const [name, value] of Object.entries(view)) {
		if (value === undefined) throw new ReportError(`a value of the report is missing: ${name}`);
		out[name] = sealed(value);
	}
	return out;
}

/** Text in lines and links, for prose of the project and of the user: line breaks are kept, https addresses become links. */
export type Prose = readonly { readonly text: string; readonly href: Href | null }[][];

export function prose(text: string): Prose {
	const lines: { text: string; href: Href | null }[][] = [];
	for (const line of text.replaceAll("\r\n", "\n").trim().split("\n")) {
		const segments: { text: string; href: Href | null }[] = [];
		let end = 0;
		for (const match of line.matchAll(/https:\/\/[!-~]+/g)) {
			const address = match[0].replace(/[.,;:!?)\]}>'"`]+$/, "");
			const href = Href.https(address);
			if (href === null) continue;
			if (match.index > end) segments.push({ text: line.slice(end, match.index), href: null });
			segments.push({ text: address, href });
			end = match.index + address.length;
		}
		if (end < line.length) segments.push({ text: line.slice(end), href: null });
		lines.push(segments);
	}
	return lines;
}
