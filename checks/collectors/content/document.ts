import {
	type ContentHit,
	type ContentPosition,
	detectIn,
	findMergeTags,
	type HealthDictionary,
	type HtmlFacts,
	type HtmlLink,
	linkForms,
	MatchGroups,
	type MergeTag,
	matchingForm,
	offersOptOut,
	readHtml,
	type Span,
	saysAdvertisement,
	showsPostalAddress,
	textOffersOptOut,
} from "../../protocols/content/index.ts";
import type { Places } from "./places.ts";
import type { ContentDocument, DocumentHit, DocumentTag, FieldClass, Notices, SenderHeaders } from "./schema.ts";

/** What one template or message consists of, before it is read. */
export interface Draft {
	format: "template" | "mime";
	html: { text: string; places: Places | null } | null;
	text: { text: string; places: Places | null } | null;
	/** Headers and the settings beside a template. */
	spans: Span[];
	hasSubject: boolean;
	/** Class of a field by its name; unknown where it is not listed. */
	classOf(name: string): FieldClass;
	hasClasses: boolean;
	allow: ReadonlySet<string> | null;
	requiresTls: boolean | null;
	encryptedOnly: boolean | null;
	sha256: string | null;
	campaign: string | null;
	configurationSet: string | null;
	/** Fields that hold the postal address, and the link to leave the list. */
	postalFields: ReadonlySet<string>;
	optOutFields: ReadonlySet<string>;
	headers: SenderHeaders | null;
}

/** More than this in one file says no more than this many do. */
const maxHits = 2000;
/** Fields, links or elements of one kind; a message that people read has some hundreds. */
const maxFound = 5000;
const headerPositions: ReadonlySet<ContentPosition> = new Set(["subject", "preheader", "from_name", "reply_to_name"]);

/**
 * Reads a draft: every position, every tag, every link. What it gives holds no text of the draft but names the author made; where the draft
 * goes beyond what is read, a text that says so.
 */
export function readDraft(draft: Draft, dictionary: HealthDictionary): ContentDocument | string {
	const groups = new MatchGroups();
	const facts = draft.html === null ? null : readHtml(draft.html.text);
	if (facts?.tooDeep === true) return "the file nests deeper than is read";
	const hits: DocumentHit[] = [];
	const tags: DocumentTag[] = [];
	const document: ContentDocument = {
		format: draft.format,
		hasSubject: draft.hasSubject,
		hasClasses: draft.hasClasses,
		hasHtml: draft.html !== null,
		hasText: draft.text !== null,
		hits,
		tags,
		hiddenPreheader: false,
		pixels: [],
		active: [],
		readableTokens: [],
		hosts: [],
		allowListed: draft.allow !== null,
		requiresTls: draft.requiresTls,
		encryptedOnly: draft.encryptedOnly,
		sha256: draft.sha256,
		campaign: draft.campaign,
		configurationSet: draft.configurationSet,
		notices: noticesOf(draft, facts),
		optOutLinks: [],
		headers: draft.headers,
	};
	const optOutOffsets = new Set((facts?.links ?? []).filter((link) => isOptOut(link, draft)).map((link) => link.offset));
	const read = (span: Span, places: Places | null): void => {
		if (hits.length >= maxHits) return;
		const found = draft.format === "template" ? findMergeTags(span.text) : [];
		for (const tag of found) tags.push(...tagsOf(tag, span, places, draft));
		// A tag is no text; what it shows without a value is.
		const spans = span.position === "url" || span.position === "list_unsubscribe" ? [] : [{ ...span, text: blanked(span.text, found) }];
		const own = (hit: ContentHit, more: Partial<DocumentHit>): void => {
			if (hits.length < maxHits) hits.push(placed(hit, places, more));
		};
		for (const one of spans) for (const hit of detectIn(one, dictionary, groups)) own(hit, {});
		for (const tag of found) {
			for (const { start, end } of tag.defaults) {
				const inner: Span = { position: span.position, text: span.text.slice(start, end), offset: span.offset === -1 ? -1 : span.offset + start };
				for (const hit of detectIn(inner, dictionary, groups)) own(hit, { inDefault: true });
			}
		}
		if (span.position === "url" || span.position === "list_unsubscribe") readLink(span, places, own);
	};
	const readLink = (span: Span, places: Places | null, own: (hit: ContentHit, more: Partial<DocumentHit>) => void): void => {
		const forms = linkForms(span.text);
		const place = placeOf(places, span.offset);
		const optOut = span.position === "list_unsubscribe" || (span.offset !== -1 && optOutOffsets.has(span.offset));
		if (optOut)
			document.optOutLinks.push({
				scheme: forms.scheme,
				host: forms.host,
				field: findMergeTags(span.text)[0]?.name ?? null,
				position: span.position,
				...place,
			});
		for (const text of forms.texts) {
			for (const hit of detectIn({ position: span.position, text, offset: -1 }, dictionary, groups)) {
				if (hit.detector === "identifier" && hit.name === "email" && !forms.isContact) document.readableTokens.push(place);
				// A link to write or to call names whom: that is its purpose.
				if (hit.detector === "identifier" && forms.isContact) continue;
				own(hit, { ...place, tokened: forms.hasToken, optOut });
			}
		}
		// The host tells whom a token leads to; that a list is left there is told by the rest of the link.
		if (forms.host !== null && !forms.isContact)
			for (const hit of detectIn({ position: span.position, text: forms.host.replaceAll(/[.-]/g, " "), offset: -1 }, dictionary, groups))
				if (hit.detector === "health-term") own(hit, { ...place, tokened: forms.hasToken });
		if ((forms.host !== null || forms.hasToken) && !forms.isContact && !document.hosts.some((one) => one.host === forms.host))
			document.hosts.push({ host: forms.host, ...place });
	};

	for (const span of draft.spans) read(span, null);
	if (draft.html !== null && facts !== null) {
		readMarkup(facts, draft, document);
		if (facts.preheader !== null) read({ position: "preheader", text: facts.preheader.text, offset: facts.preheader.offset }, draft.html.places);
		for (const span of facts.spans) read(span, draft.html.places);
		for (const link of facts.links) if (link.kind === "background") read({ position: "url", text: link.url, offset: link.offset }, draft.html.places);
	}
	if (draft.text !== null) {
		read({ position: "body_text", text: draft.text.text, offset: draft.text.places === null ? -1 : 0 }, draft.text.places);
	}
	const { pixels, active, readableTokens, hosts, optOutLinks } = document;
	const most = Math.max(...[tags, pixels, active, readableTokens, hosts, optOutLinks].map((list) => list.length));
	return most > maxFound ? `the file holds more than ${maxFound} fields, links or elements of one kind` : document;
}

function isOptOut(link: HtmlLink, draft: Draft): boolean {
	if (link.kind !== "link") return false;
	return offersOptOut(link.text) || offersOptOut(link.url) || findMergeTags(link.url).some((tag) => tag.name !== null && draft.optOutFields.has(tag.name));
}

function noticesOf(draft: Draft, facts: HtmlFacts | null): Notices {
	const text = draft.text?.text;
	const holds = (part: string, fields: ReadonlySet<string>): boolean => findMergeTags(part).some((tag) => tag.name !== null && fields.has(tag.name));
	// A tag that stands in the visible text is filled in as a link by most senders.
	const tagged = (part: string): boolean =>
		findMergeTags(part).some((tag) => tag.name !== null && (draft.optOutFields.has(tag.name) || offersOptOut(tag.name)));
	const visible = facts?.visibleText ?? "";
	const subject = draft.spans.find((span) => span.position === "subject")?.text ?? "";
	return {
		optOut: {
			html: facts === null ? null : facts.links.some((link) => !link.hidden && isOptOut(link, draft)) || tagged(visible),
			text: text === undefined ? null : textOffersOptOut(text, draft.optOutFields) || tagged(text),
		},
		postalAddress: {
			html: facts === null ? null : showsPostalAddress(visible) || holds(visible, draft.postalFields),
			text: text === undefined ? null : showsPostalAddress(text) || holds(text, draft.postalFields),
		},
		advertisement: [subject, visible, text ?? ""].some(saysAdvertisement),
	};
}

function readMarkup(facts: HtmlFacts, draft: Draft, document: ContentDocument): void {
	const places = draft.html?.places ?? null;
	for (const { kind, offset } of facts.active) document.active.push({ kind, ...placeOf(places, offset) });
	for (const image of facts.images) {
		if (image.isPixel) document.pixels.push({ why: "size", ...placeOf(places, image.offset) });
		else if (linkForms(image.src).hasToken) document.pixels.push({ why: "token", ...placeOf(places, image.offset) });
	}
	for (const link of facts.links)
		if (link.kind === "background" && linkForms(link.url).hasToken) document.pixels.push({ why: "token", ...placeOf(places, link.offset) });
	const preheader = facts.preheader;
	const plain = (text: string): string => matchingForm(text).text.trim();
	document.hiddenPreheader = preheader?.isHidden === true && plain(preheader.text) !== "" && !plain(facts.visibleText).includes(plain(preheader.text));
}

function tagsOf(tag: MergeTag, span: Span, places: Places | null, draft: Draft): DocumentTag[] {
	const place = placeOf(places, span.offset === -1 ? -1 : span.offset + tag.start);
	const names = tag.name === null ? [null] : [tag.name, ...tag.others];
	return names.map((name) => ({
		name,
		class: name === null ? "unknown" : draft.classOf(name),
		position: span.position,
		...place,
		// Escaping matters where markup is read.
		raw: tag.raw && !headerPositions.has(span.position) && span.position !== "body_text",
		allowed: draft.allow === null ? null : name !== null && draft.allow.has(name),
	}));
}

/** The text with its tags as blanks, so that places stay where they are. */
function blanked(text: string, tags: readonly MergeTag[]): string {
	let out = "";
	let last = 0;
	for (const tag of tags) {
		out += text.slice(last, tag.start) + " ".repeat(tag.end - tag.start);
		last = tag.end;
	}
	return out + text.slice(last);
}

function placed(hit: ContentHit, places: Places | null, more: Partial<DocumentHit>): DocumentHit {
	const { offset, ...rest } = hit;
	return { ...rest, ...placeOf(places, offset), inDefault: false, tokened: false, optOut: false, ...more };
}

function placeOf(places: Places | null, offset: number): { line: number | null; column: number | null } {
	return places === null ? { line: null, column: null } : places.of(offset);
}
