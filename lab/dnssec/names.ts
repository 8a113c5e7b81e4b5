import { canonicalName } from "../dns/records.ts";

/** A name ready to be ordered and written: octets of each label, from the left. */
export type Labels = readonly Buffer[];

/** Labels of a canonical name; octets that a query escaped as \DDD are themselves again. */
export function labelsOf(name: string): Labels {
	if (name === ".") return [];
	return name.split(".").map((label) =>
		Buffer.from(
			label.replace(/\\(\d{3})/g, (_, octet: string) => String.fromCharCode(Number(octet))),
			"latin1",
		),
	);
}

/** RFC 4034 6.1: by labels from the right, each as octets, the shorter first. */
export function compareLabels(left: Labels, right: Labels): number {
	const shared = Math.min(left.length, right.length);
	for (let index = 1; index <= shared; index += 1) {
		const order = Buffer.compare(left[left.length - index] ?? empty, right[right.length - index] ?? empty);
		if (order !== 0) return order;
	}
	return left.length - right.length;
}

/** Uncompressed, lower case (RFC 4034 6.2). */
export function nameWire(name: string): Buffer {
	const parts: Buffer[] = [];
	for (const label of labelsOf(canonicalName(name))) parts.push(Buffer.from([label.length]), label);
	return Buffer.concat([...parts, root]);
}

/** Labels as an RRSIG counts them: a leading asterisk is left out (RFC 4034 3.1.3). */
export function signedLabelCount(name: string): number {
	const count = labelsOf(name).length;
	return name === "*" || name.startsWith("*.") ? count - 1 : count;
}

export function parentOf(name: string): string {
	const dot = name.indexOf(".");
	return dot === -1 || name === "." ? "." : name.slice(dot + 1);
}

export function wildcardBelow(name: string): string {
	return name === "." ? "*" : `*.${name}`;
}

const empty = Buffer.alloc(0);
const root = Buffer.from([0]);
