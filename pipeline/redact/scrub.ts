import { isIP } from "node:net";
import { parse } from "tldts";
import type { NameClass, Names } from "./names.ts";

/** Put where a text was taken out that has no name: what people wrote, and tokens that could be looked up. */
export const leftOut = "[left out]";

const url = /\bhttps?:\/\/[^\s"'<>\\]+/giu;
const arn = /\barn:[a-z-]+:[a-z0-9-]+:[^\s"'<>\\,;|)\]}]*/giu;
const mailbox = /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** Candidates; isIP has the last word. */
const address =
	/(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}])|(?<=(?<![\p{L}\p{N}:.])|\bip[46]:)(?=[0-9a-f]*:[0-9a-f:]*:)[0-9a-f:]{2,}(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\p{L}\p{N}:])/giu;
const account = /(?<!\d)\d{12}(?!\d)/gu;
const token = /[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?/gu;
/** DNS records by which a provider knows its customer again. */
const proof = /(?<![\p{L}\p{N}])(?:MS=ms\d+|[\p{L}\p{N}_-]*(?:verif|challenge|validation|site-id)[\p{L}\p{N}_-]*[=:][^\s";]+)/giu;
/** Keys, hashes, ids of resources: at least 20 characters, letters and figures mixed, in one run. */
const opaque = /(?<![\p{L}\p{N}])(?=[A-Za-z0-9+/=_-]*\d)(?=[A-Za-z0-9+/=_-]*[A-Za-z])[A-Za-z0-9+/=_-]{20,}(?![\p{L}\p{N}])/gu;

/** Labels that say what a name is for, and not whose it is. */
const isRole = (label: string): boolean => label.startsWith("_") || label === "mta-sts" || label === "www";

/**
 * Replaces what identifies somebody. `free`: a text that may hold anything from outside, in which whatever has the form of an
 * identifier is replaced too; else a text of the tool's own, in which only names that are known are.
 */
export class Scrubber {
	readonly #names: Names;
	readonly #vocabulary: ReadonlySet<string>;
	/** Names of several words and IPv6 addresses, which have no bounds of their own; longest first. */
	#phrases: RegExp | null = null;
	/** Parts of names that identify by themselves: the first label of a domain, words of the entity's name. */
	readonly #fragments = new Set<string>();

	constructor(names: Names, vocabulary: ReadonlySet<string>) {
		this.#names = names;
		this.#vocabulary = vocabulary;
	}

	/** Whether a word is one of the tool's own texts: alone it tells nothing of anybody, and as a name it could not be told from them. */
	isWord(text: string): boolean {
		return this.#vocabulary.has(text.toLowerCase());
	}

	/** To be called when the names that were collected change. */
	prepare(): void {
		const phrases: string[] = [];
		this.#fragments.clear();
		for (const { class: kind, original } of this.#names.entries()) {
			if (this.isWord(original)) continue;
			if ((/\s/.test(original) && kind !== "file") || (kind === "address" && original.includes(":"))) phrases.push(original);
			const parts = kind === "domain" ? [original.split(".")[0] ?? ""] : kind === "entity" ? original.split(/[^\p{L}\p{N}]+/u) : [];
			for (const part of parts) if (part.length >= 5 && !this.isWord(part)) this.#fragments.add(part.toLowerCase());
		}
		const escaped = phrases.sort((a, b) => b.length - a.length).map((one) => one.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replace(/\s+/g, "\\s+"));
		this.#phrases = escaped.length === 0 ? null : new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "giu");
	}

	text(text: string, kind: "free" | "own"): string {
		const known = this.#lookup(text);
		if (known !== undefined && !this.isWord(text)) return known.name;
		// What has been replaced is held apart, so that no later step reads an ordinal name as something else.
		const done: string[] = [];
		const hold = (name: string): string => `\u0001${done.push(name) - 1}\u0002`;
		let out = text.replaceAll(/[\u0001\u0002]/g, "");
		const each = (pattern: RegExp, replace: (found: string) => string | null): void => {
			out = out.replaceAll(pattern, (found) => {
				const name = replace(found);
				return name === null ? found : hold(name);
			});
		};
		const named = (of: NameClass) => (found: string) => (kind === "free" ? this.#names.of(of, found) : (this.#lookup(found)?.name ?? null));
		if (this.#phrases !== null) each(this.#phrases, (found) => this.#lookup(found.replace(/\s+/g, " "))?.name ?? leftOut);
		each(url, (found) => {
			const end = /[.,;:!?)\]}]+$/.exec(found)?.[0] ?? "";
			return kind === "free" ? `${this.#names.of("url", found.slice(0, found.length - end.length))}${end}` : null;
		});
		each(arn, named("arn"));
		each(mailbox, named("mailbox"));
		each(address, (found) => (isIP(found) === 0 ? null : named("address")(found)));
		each(account, named("account"));
		if (kind === "free") {
			each(proof, () => leftOut);
			each(opaque, (found) => this.#lookup(found)?.name ?? leftOut);
		}
		each(token, (found) => this.#token(found, kind));
		return out.replaceAll(/\u0001(\d+)\u0002/g, (_all, index: string) => done[Number(index)] ?? leftOut);
	}

	/** Identifiers in a text that should hold none. */
	*leaks(text: string): Iterable<string> {
		for (const pattern of [arn, mailbox, address, account, token]) {
			for (const [found] of text.matchAll(pattern)) {
				for (const one of [found, ...found.split(".")]) if (!this.isWord(one) && this.#lookup(one)?.original !== undefined) yield one;
			}
		}
		if (this.#phrases !== null) for (const [found] of text.matchAll(this.#phrases)) yield found;
	}

	/** A name that is as short as MX or com tells nothing by itself, and is a part of too much. */
	#lookup(text: string): ReturnType<Names["known"]> {
		return text.length < 4 ? undefined : this.#names.known(text);
	}

	#token(found: string, kind: "free" | "own"): string | null {
		const lower = found.toLowerCase();
		if (this.isWord(lower)) return null;
		const known = this.#lookup(found);
		if (known !== undefined) return known.name;
		const host = this.#host(lower, kind);
		if (host !== null) return host;
		if (kind === "own") return null;
		for (const fragment of this.#fragments) if (lower.includes(fragment)) return this.#names.of("name", found);
		// A dotted path or Terraform address, of which a part is a name.
		if (!found.includes(".")) return null;
		const parts = found.split(".").map((part) => (this.isWord(part) ? part : (this.#lookup(part)?.name ?? part)));
		return parts.join(".") === found ? null : parts.join(".");
	}

	#host(name: string, kind: "free" | "own"): string | null {
		if (!name.includes(".")) return null;
		const labels = name.split(".");
		for (let from = 1; from < labels.length - 1; from += 1) {
			const known = this.#lookup(labels.slice(from).join("."));
			if (known?.class !== "domain") continue;
			const before = labels.slice(0, from);
			return before.every(isRole) ? `${before.join(".")}.${known.name}` : this.#names.of("host", name);
		}
		if (kind === "own") return null;
		// Under a suffix of the public list: file names and paths of attributes have dots as well.
		const { isIcann, domain } = parse(name, { validateHostname: false });
		return isIcann === true && domain !== null ? this.#names.of("host", name) : null;
	}
}
