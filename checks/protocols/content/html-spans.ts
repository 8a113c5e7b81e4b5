import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from "parse5";
import type { Span } from "./positions.ts";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** An element that runs code, embeds, asks for input or fetches style: nothing that belongs into a message. */
export interface ActiveContent {
	kind: "script" | "frame" | "form" | "object" | "handler" | "script-url" | "remote-style" | "remote-font" | "amp";
	offset: number;
}

export interface ImageFact {
	offset: number;
	src: string;
	/** 1x1 or 0 in size, or hidden by attribute or style. */
	isPixel: boolean;
}

export interface HtmlLink {
	url: string;
	offset: number;
	kind: "link" | "image" | "style" | "form" | "background";
	hidden: boolean;
	/** What a reader sees of it: the text inside, cut short, with the texts that stand for images. */
	text: string;
}

export interface HtmlFacts {
	/** Visible text, hidden text, attributes and links, each with its place in the source. */
	spans: Span[];
	images: ImageFact[];
	/** Links, form actions and style sheets, with their place. */
	links: HtmlLink[];
	active: ActiveContent[];
	/** The first text that a preview shows: of a hidden element at the start of the body, or the first visible text. */
	preheader: { text: string; offset: number; isHidden: boolean } | null;
	visibleText: string;
	/** Nesting beyond the cap was not read. */
	tooDeep: boolean;
}

const maxDepth = 512;
/** Text of the body that a preview may show. */
const previewUnits = 200;
/** Elements inside one link that are read for its text. */
const maxLinkNodes = 40;
const activeElements: Readonly<Record<string, ActiveContent["kind"]>> = {
	script: "script",
	iframe: "frame",
	frame: "frame",
	frameset: "frame",
	form: "form",
	input: "form",
	button: "form",
	textarea: "form",
	select: "form",
	object: "object",
	embed: "object",
	applet: "object",
};
/** Whatever the element: MJML has buttons and sections with links of their own. */
const linkAttributes: ReadonlySet<string> = new Set(["href", "src", "action", "background", "background-url", "poster"]);

const readAttributes: ReadonlySet<string> = new Set([...linkAttributes, "alt", "title"]);
const mergeOpening = /\{\{|\{%|\*\||%%/;

/** Where a node begins is all that is asked for. Where its text ends is told anew at each word of it, which takes a quarter of the parsing. */
const treeAdapter = { ...defaultTreeAdapter, updateNodeSourceCodeLocation: (): void => undefined };

/** Reads an HTML part with a real parser. Never throws: whatever the octets, a browser and this see the same tree. */
export function readHtml(source: string): HtmlFacts {
	const facts: HtmlFacts = { spans: [], images: [], links: [], active: [], preheader: null, visibleText: "", tooDeep: false };
	const visible: string[] = [];
	const stack: { node: Node; hidden: boolean; depth: number }[] = [
		{ node: parse(source, { sourceCodeLocationInfo: true, treeAdapter }), hidden: false, depth: 0 },
	];
	// A stack of our own: a message may nest deeper than the engine's.
	for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
		const { node, depth } = next;
		let { hidden } = next;
		if (node.nodeName === "#text") {
			readText(node as DefaultTreeAdapterTypes.TextNode, hidden, facts, visible);
			continue;
		}
		if ("tagName" in node) {
			if (node.tagName === "style") readStyle(node, facts);
			if (node.tagName === "style" || node.tagName === "title") continue;
			hidden ||= isHidden(node);
			readElement(node, hidden, facts);
			if (node.tagName === "script") continue;
		}
		if (!("childNodes" in node)) continue;
		if (depth >= maxDepth) {
			facts.tooDeep = true;
			continue;
		}
		for (let index = node.childNodes.length - 1; index >= 0; index -= 1) {
			const child = node.childNodes[index];
			if (child !== undefined) stack.push({ node: child, hidden, depth: depth + 1 });
		}
	}
	facts.visibleText = visible.join(" ");
	return facts;
}

function readText(node: DefaultTreeAdapterTypes.TextNode, hidden: boolean, facts: HtmlFacts, visible: string[]): void {
	if (node.value.trim() === "") return;
	const offset = node.sourceCodeLocation?.startOffset ?? -1;
	facts.preheader ??= { text: node.value.slice(0, previewUnits), offset, isHidden: hidden };
	facts.spans.push({ position: hidden ? "hidden_text" : "body_html", text: node.value, offset });
	if (!hidden) visible.push(node.value);
}

function readElement(element: Element, hidden: boolean, facts: HtmlFacts): void {
	const { tagName } = element;
	const at = element.sourceCodeLocation?.startOffset ?? -1;
	const kind = Object.hasOwn(activeElements, tagName) ? activeElements[tagName] : undefined;
	if (kind !== undefined) facts.active.push({ kind, offset: at });
	let link: string | undefined;
	for (const { name, value } of element.attrs) {
		const offset = element.sourceCodeLocation?.attrs?.[name]?.startOffset ?? at;
		if (name.startsWith("on")) facts.active.push({ kind: "handler", offset });
		if (/^\s*(?:javascript|vbscript):|^\s*data:text\/html/i.test(value)) facts.active.push({ kind: "script-url", offset });
		if (name === "alt") facts.spans.push({ position: "alt_text", text: value, offset });
		if (name === "title") facts.spans.push({ position: "title_attribute", text: value, offset });
		if (name === "style") for (const url of cssUrls(value)) facts.links.push({ url, offset, kind: "background", hidden, text: "" });
		// Other attributes are text for nobody, but what is merged into them is sent all the same.
		if (!readAttributes.has(name) && mergeOpening.test(value)) facts.spans.push({ position: "body_html", text: value, offset });
		if (!linkAttributes.has(name)) continue;
		link = value;
		facts.links.push({
			url: value,
			offset,
			kind: tagName === "img" ? "image" : tagName === "link" ? "style" : tagName === "form" ? "form" : name.startsWith("background") ? "background" : "link",
			hidden,
			text: name === "href" ? linkText(element) : "",
		});
		facts.spans.push({ position: "url", text: value, offset });
	}
	if (tagName === "img") facts.images.push({ offset: at, src: link ?? "", isPixel: hidden || isPixel(element) });
	if (tagName === "link" && /stylesheet/i.test(attribute(element, "rel"))) facts.active.push({ kind: "remote-style", offset: at });
}

/** The first words inside an element: bounded, since elements with links may nest. */
function linkText(element: Element): string {
	let text = "";
	const stack: Node[] = [element];
	for (let seen = 0; seen < maxLinkNodes && text.length < previewUnits; seen += 1) {
		const node = stack.pop();
		if (node === undefined) break;
		if (node.nodeName === "#text") text += ` ${(node as DefaultTreeAdapterTypes.TextNode).value.slice(0, previewUnits)}`;
		else if ("tagName" in node && node.tagName === "img") text += ` ${attribute(node, "alt").slice(0, previewUnits)}`;
		if ("childNodes" in node)
			for (let index = Math.min(node.childNodes.length, maxLinkNodes) - 1; index >= 0; index -= 1) stack.push(node.childNodes[index] as Node);
	}
	return text.trim();
}

function readStyle(element: Element, facts: HtmlFacts): void {
	const at = element.sourceCodeLocation?.startOffset ?? -1;
	for (const child of element.childNodes) {
		if (child.nodeName !== "#text") continue;
		const css = (child as DefaultTreeAdapterTypes.TextNode).value;
		if (/@import\b/i.test(css)) facts.active.push({ kind: "remote-style", offset: at });
		if (/@font-face\b/i.test(css) && /url\(/i.test(css)) facts.active.push({ kind: "remote-font", offset: at });
		for (const url of cssUrls(css)) facts.links.push({ url, offset: at, kind: "background", hidden: false, text: "" });
	}
}

function cssUrls(css: string): string[] {
	return [...css.matchAll(/url\(\s*["']?([^"')]{1,2000})/gi)].map((match) => match[1] ?? "").filter((url) => !/^data:/i.test(url));
}

function attribute(element: Element, name: string): string {
	return element.attrs.find((one) => one.name === name)?.value ?? "";
}

/** By attribute or by a style of its own: what style sheets hide is not worked out. */
function isHidden(element: Element): boolean {
	if (element.attrs.some((one) => one.name === "hidden")) return true;
	const style = attribute(element, "style").toLowerCase().replaceAll(/\s/g, "");
	if (
		/(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?:;|$)|font-size:0(?:px|pt|em|%)?(?:;|$|!)|mso-hide:all|max-height:0(?:px)?(?:;|$|!))/.test(
			style,
		)
	)
		return true;
	if (/(?:^|;)(?:left|top|text-indent):-\d{3,}/.test(style)) return true;
	const colour = /(?:^|;)color:([^;!]+)/.exec(style)?.[1];
	const ground = /(?:^|;)background(?:-color)?:([^;!]+)/.exec(style)?.[1];
	return colour !== undefined && colour === ground;
}

function isPixel(element: Element): boolean {
	const style = attribute(element, "style").toLowerCase().replaceAll(/\s/g, "");
	const size = (name: "width" | "height"): string =>
		attribute(element, name).trim().replace(/px$/i, "") || (new RegExp(`(?:^|;)${name}:(\\d+)(?:px)?(?:;|$|!)`).exec(style)?.[1] ?? "");
	const [width, height] = [size("width"), size("height")];
	return (width === "1" || width === "0") && (height === "1" || height === "0");
}
