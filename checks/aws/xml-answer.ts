import { ReportFault } from "../protocols/mail-reports/report-fault.ts";
import { XmlReader } from "../protocols/mail-reports/xml-reader.ts";
import { MalformedAnswer } from "./errors.ts";

/** An answer in XML as a tree: an element without elements in it is its text, one of `item` elements a list, another an object. */
export type XmlValue = string | readonly XmlValue[] | { readonly [name: string]: XmlValue };

interface Element {
	name: string;
	text: string;
	children: [string, XmlValue][];
}

/** What stands in the root of a document. Throws MalformedAnswer for a body that was cut, or that is no XML. */
export function readXmlAnswer(text: string): { [name: string]: XmlValue } {
	const open: Element[] = [{ name: "", text: "", children: [] }];
	const reader = new XmlReader({
		open: (name) => void open.push({ name, text: "", children: [] }),
		text: (piece) => {
			const inner = open.at(-1);
			if (inner !== undefined) inner.text += piece;
		},
		close: () => {
			const closed = open.pop();
			if (closed !== undefined) open.at(-1)?.children.push([closed.name, valueIn(closed)]);
		},
	});
	try {
		reader.write(text);
		reader.end();
	} catch (error) {
		if (error instanceof ReportFault) throw new MalformedAnswer("the answer is no XML", { cause: error });
		throw error;
	}
	const root = open[0]?.children[0]?.[1];
	if (root === undefined || typeof root === "string" || isList(root)) return {};
	return root;
}

/** The value of the first element of a name, at whatever depth: AWS nests an error's code in three ways. */
export function textWithin(value: XmlValue, name: string): string | undefined {
	if (typeof value === "string") return undefined;
	if (isList(value)) return value.map((one) => textWithin(one, name)).find((one) => one !== undefined);
	const own = value[name];
	if (typeof own === "string") return own;
	return Object.values(value)
		.map((one) => textWithin(one, name))
		.find((one) => one !== undefined);
}

function valueIn({ text, children }: Element): XmlValue {
	if (children.length === 0) return text;
	if (children.every(([name]) => name === "item")) return children.map(([, value]) => value);
	return Object.fromEntries(children);
}

function isList(value: XmlValue): value is readonly XmlValue[] {
	return Array.isArray(value);
}
