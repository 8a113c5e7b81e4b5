import { defaultLimits, type MailReportLimits } from "./limits.ts";
import { ReportFault } from "./report-fault.ts";

export interface XmlHandler {
	open(name: string, attributes: ReadonlyMap<string, string>): void;
	/** Text comes in pieces, references resolved. */
	text(piece: string): void;
	close(name: string): void;
}

export type XmlLimits = Pick<MailReportLimits, "xmlDepth" | "xmlElements" | "xmlTag" | "xmlAttributes">;

type Mode = "markup" | "comment" | "cdata" | "instruction";
const endOf = { comment: "-->", cdata: "]]>", instruction: "?>" } as const;
const predefined = new Map([
	["lt", "<"],
	["gt", ">"],
	["amp", "&"],
	["quot", '"'],
	["apos", "'"],
]);
const nameForm = /^[A-Za-z_:\u0080-\uffff][\w:.\-\u0080-\uffff]*$/;
/** XML 1.0 section 2.2: no other control characters, no lone surrogates. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const attributeForm = /\s+([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
/** Longest reference, such as &#x0010FFFF; with room for leading zeros. */
const maxReference = 16;

/**
 * A streaming reader of well-formed XML 1.0 without a document type: DOCTYPE is refused, so that there are no entities but the
 * five predefined and character references. Linear in its input; holds at most one tag. Throws ReportFault.
 */
export class XmlReader {
	#rest = "";
	#mode: Mode = "markup";
	#line = 1;
	#isStart = true;
	#hadRoot = false;
	#elements = 0;
	/** Characters looked through for the end of the tag that is held. */
	#scanned = 0;
	#quote = "";
	/** The last characters of character data, for "]]>" across pieces. */
	#tail = "";
	readonly #open: string[] = [];
	readonly #handler: XmlHandler;
	readonly #limits: XmlLimits;

	constructor(handler: XmlHandler, limits: XmlLimits = defaultLimits) {
		this.#handler = handler;
		this.#limits = limits;
	}

	/** A piece of the document, cut anywhere but within a surrogate pair. */
	write(piece: string): void {
		const text = this.#rest + piece;
		let at = 0;
		for (;;) {
			const next = this.#step(text, at);
			if (next === undefined) break;
			for (; at < next; at++) if (text.charCodeAt(at) === 0x0a) this.#line += 1;
		}
		this.#rest = text.slice(at);
	}

	end(): void {
		if (this.#mode !== "markup") throw this.#fault("ends within a comment, a CDATA section or an instruction");
		if (this.#rest.startsWith("<")) throw this.#fault("ends within a tag");
		if (this.#rest !== "") this.#text(this.#rest);
		if (this.#open.length > 0) throw this.#fault("ends before its elements are closed");
		if (!this.#hadRoot) throw this.#fault("holds no element");
	}

	/** Where the next piece of markup begins; undefined if more input is needed. */
	#step(text: string, at: number): number | undefined {
		if (at >= text.length) return undefined;
		if (this.#mode !== "markup") return this.#section(text, at, endOf[this.#mode]);
		if (text[at] !== "<") return this.#characters(text, at);
		this.#tail = "";
		const opening = text.slice(at, at + 9);
		if (opening.startsWith("<!--")) return this.#enter("comment", at + 4);
		if (opening.startsWith("<![CDATA[")) {
			if (this.#open.length === 0) throw this.#fault("has a CDATA section outside of its root element");
			return this.#enter("cdata", at + 9);
		}
		if (opening.startsWith("<?")) {
			if (opening.length < 6 && "<?xml ".startsWith(opening)) return undefined;
			// The declaration names the encoding; it is wanted whole.
			if (this.#isStart && /^<\?xml[\s?]/.test(opening)) return this.#declaration(text, at);
			if (/^<\?xml[\s?]/i.test(opening)) throw this.#fault("has an XML declaration that is not at its beginning");
			return this.#enter("instruction", at + 2);
		}
		if (opening.startsWith("<!")) {
			if (opening.length < 9 && ("<!--".startsWith(opening) || "<![CDATA[".startsWith(opening))) return undefined;
			throw this.#fault("has a document type or another declaration, which is refused");
		}
		return this.#tag(text, at);
	}

	#enter(mode: Mode, next: number): number {
		this.#mode = mode;
		this.#isStart = false;
		return next;
	}

	#section(text: string, at: number, end: string): number | undefined {
		// Within a comment "--" may only begin its end.
		const found = text.indexOf(this.#mode === "comment" ? "--" : end, at);
		if (found !== -1 && this.#mode === "comment" && text.length > found + 2 && text[found + 2] !== ">") throw this.#fault("has -- within a comment");
		const isEnd = found !== -1 && text.length >= found + end.length;
		let stop = found === -1 ? text.length - (end.length - 1) : found;
		if (stop < at) return undefined;
		// A surrogate pair stays whole.
		if (found === -1 && (text.charCodeAt(stop - 1) & 0xfc00) === 0xd800 && stop > at) stop -= 1;
		const inside = text.slice(at, stop);
		if (this.#mode === "cdata" && inside !== "") this.#emit(inside);
		else this.#allowed(inside);
		if (!isEnd) return stop === at ? undefined : stop;
		this.#mode = "markup";
		return found + end.length;
	}

	#declaration(text: string, at: number): number | undefined {
		const end = text.indexOf("?>", at);
		if (end === -1) {
			if (text.length - at > 1024) throw this.#fault("has an XML declaration without an end");
			return undefined;
		}
		const declared =
			/^<\?xml\s+version\s*=\s*(?:"1\.\d+"|'1\.\d+')(?:\s+encoding\s*=\s*(?:"([\w.-]+)"|'([\w.-]+)'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*$/.exec(
				text.slice(at, Math.min(end, at + 1024)),
			);
		if (declared === null) throw this.#fault("has an XML declaration that is not valid");
		const encoding = (declared[1] ?? declared[2] ?? "utf-8").toLowerCase();
		if (encoding !== "utf-8" && encoding !== "utf8" && encoding !== "us-ascii") throw this.#fault("declares an encoding other than UTF-8, which is not read");
		this.#isStart = false;
		return end + 2;
	}

	#characters(text: string, at: number): number | undefined {
		const found = text.indexOf("<", at);
		let stop = found === -1 ? text.length : found;
		if (found === -1) {
			// A reference may go on in the next piece.
			const reference = text.lastIndexOf("&");
			if (reference >= at && text.length - reference < maxReference && !text.includes(";", reference)) stop = reference;
			if (stop === at) return undefined;
		}
		this.#text(text.slice(at, stop));
		return stop;
	}

	#text(raw: string): void {
		const joined = this.#tail + raw;
		if (joined.includes("]]>")) throw this.#fault("has ]]> outside of a CDATA section");
		this.#tail = joined.slice(-2);
		if (this.#open.length === 0) {
			if (/\S/.test(raw)) throw this.#fault("has text outside of its root element");
			return;
		}
		this.#emit(this.#resolved(raw));
	}

	#emit(text: string): void {
		this.#allowed(text);
		this.#handler.text(text);
	}

	#allowed(text: string): void {
		if (forbidden.test(text)) throw this.#fault("has a character that XML does not allow");
	}

	#resolved(raw: string): string {
		if (!raw.includes("&")) return raw;
		return raw.replaceAll(/&([^;&]{0,15})(;?)/g, (_whole, name: string, end: string) => {
			const known = end === ";" ? (predefined.get(name) ?? this.#character(name)) : undefined;
			if (known === undefined) throw this.#fault("has a reference to an entity that it may not have, or a bare &");
			return known;
		});
	}

	#character(name: string): string | undefined {
		const digits = /^#(?:x([0-9A-Fa-f]+)|([0-9]+))$/.exec(name);
		if (digits === null) return undefined;
		const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
		if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
		return String.fromCodePoint(code);
	}

	#tag(text: string, at: number): number | undefined {
		const end = this.#tagEnd(text, at);
		if (end === undefined) {
			if (text.length - at > this.#limits.xmlTag) throw new ReportFault("too_large", this.#say(`has a tag of more than ${this.#limits.xmlTag} characters`));
			return undefined;
		}
		if (end - at > this.#limits.xmlTag) throw new ReportFault("too_large", this.#say(`has a tag of more than ${this.#limits.xmlTag} characters`));
		this.#isStart = false;
		const tag = text.slice(at + 1, end);
		this.#allowed(tag);
		if (tag.startsWith("/")) this.#close(tag.slice(1).trimEnd());
		else this.#start(tag);
		return end + 1;
	}

	/** The > that ends the tag, those within quotes left out. Goes on where the piece before ended. */
	#tagEnd(text: string, at: number): number | undefined {
		let index = at + Math.max(1, this.#scanned);
		for (; index < text.length; index++) {
			const character = text[index] as string;
			if (this.#quote !== "") {
				if (character === this.#quote) this.#quote = "";
			} else if (character === '"' || character === "'") this.#quote = character;
			else if (character === ">") {
				this.#scanned = 0;
				return index;
			} else if (character === "<") throw this.#fault("has a < within a tag");
			if (index - at > this.#limits.xmlTag) break;
		}
		this.#scanned = index - at;
		return undefined;
	}

	#start(tag: string): void {
		const isEmpty = tag.endsWith("/");
		const body = isEmpty ? tag.slice(0, -1) : tag;
		const name = /^[^\s]*/.exec(body)?.[0] ?? "";
		if (!nameForm.test(name)) throw this.#fault("has an element whose name is not valid");
		if (this.#open.length === 0 && this.#hadRoot) throw this.#fault("has more than one root element");
		if (this.#open.length >= this.#limits.xmlDepth) throw new ReportFault("too_large", this.#say(`has elements nested deeper than ${this.#limits.xmlDepth}`));
		this.#elements += 1;
		if (this.#elements > this.#limits.xmlElements) throw new ReportFault("too_large", this.#say(`has more than ${this.#limits.xmlElements} elements`));
		this.#hadRoot = true;
		const attributes = this.#attributes(body, name.length);
		this.#open.push(name);
		this.#handler.open(name, attributes);
		if (isEmpty) this.#close(name);
	}

	#attributes(body: string, from: number): Map<string, string> {
		const attributes = new Map<string, string>();
		let at = from;
		while (body.slice(at).trim() !== "") {
			attributeForm.lastIndex = at;
			const found = attributeForm.exec(body);
			const name = found?.[1] ?? "";
			if (found === null || !nameForm.test(name)) throw this.#fault("has an attribute that is not valid");
			if (attributes.has(name)) throw this.#fault("has an attribute twice in one element");
			if (attributes.size >= this.#limits.xmlAttributes)
				throw new ReportFault("too_large", this.#say(`has an element with more than ${this.#limits.xmlAttributes} attributes`));
			const value = this.#resolved(found[2] ?? found[3] ?? "");
			this.#allowed(value);
			attributes.set(name, value);
			at = attributeForm.lastIndex;
		}
		return attributes;
	}

	#close(name: string): void {
		if (this.#open.pop() !== name) throw this.#fault("closes an element that is not the one that is open");
		this.#handler.close(name);
	}

	#fault(what: string): ReportFault {
		return new ReportFault("malformed", this.#say(what));
	}

	#say(what: string): string {
		return `the XML is not well-formed, or more than is read: it ${what} (line ${this.#line})`;
	}
}
