/**
 * Names in canonical text: lower case, no trailing dot, "" for the root. Every code unit is one octet. Only octets up to 0x7e
 * stand in them, and no dot inside a label: what a decoder of messages gives for other labels is ambiguous, so such names are
 * refused and nothing that rests on them can be secure.
 */
export function readName(text: unknown): string | undefined {
	if (typeof text !== "string") return undefined;
	if (text === "." || text === "") return "";
	const name = text.endsWith(".") ? text.slice(0, -1) : text;
	// Text of n characters takes n + 2 octets (RFC 1035 2.3.4).
	if (name.length > 253) return undefined;
	let label = 0;
	for (let index = 0; index < name.length; index++) {
		const code = name.charCodeAt(index);
		if (code > 0x7e) return undefined;
		if (code !== 0x2e) {
			label += 1;
			if (label > 63) return undefined;
			continue;
		}
		if (label === 0) return undefined;
		label = 0;
	}
	return label === 0 ? undefined : name.toLowerCase();
}

/** As readName, with the case kept. */
export function readNameAsIs(text: unknown): string | undefined {
	const name = readName(text);
	if (name === undefined || name === "") return name;
	const own = text as string;
	return own.endsWith(".") ? own.slice(0, -1) : own;
}

/** Uncompressed wire form (RFC 4034 6.2). */
export function nameWire(name: string): Buffer {
	if (name === "") return Buffer.from([0]);
	const octets = Buffer.alloc(name.length + 2);
	octets.write(name, 1, "latin1");
	let start = 0;
	for (let index = 0; index <= name.length; index++) {
		if (index < name.length && name.charCodeAt(index) !== 0x2e) continue;
		octets[start] = index - start;
		start = index + 1;
	}
	return octets;
}

export function labelsOf(name: string): string[] {
	return name === "" ? [] : name.split(".");
}

/** Labels as the RRSIG counts them: without the root and without a leading asterisk (RFC 4034 3.1.3). */
export function signedLabelCount(name: string): number {
	const labels = labelsOf(name);
	return labels[0] === "*" ? labels.length - 1 : labels.length;
}

export function parentOf(name: string): string {
	const dot = name.indexOf(".");
	return dot === -1 ? "" : name.slice(dot + 1);
}

/** True for the zone itself and everything below it. */
export function isWithin(name: string, zone: string): boolean {
	return zone === "" || name === zone || name.endsWith(`.${zone}`);
}

export function isBelow(name: string, zone: string): boolean {
	return name !== zone && isWithin(name, zone);
}

/** The right-most `count` labels. */
export function lastLabels(name: string, count: number): string {
	return count === 0 ? "" : labelsOf(name).slice(-count).join(".");
}

/** From just below `above` down to `name`, shortest first; empty when they are equal. */
export function namesBetween(above: string, name: string): string[] {
	const names: string[] = [];
	for (let at = name; at !== above; at = parentOf(at)) names.push(at);
	return names.reverse();
}

export function commonAncestor(a: string, b: string): string {
	const left = labelsOf(a).reverse();
	const right = labelsOf(b).reverse();
	let count = 0;
	while (count < left.length && count < right.length && left[count] === right[count]) count += 1;
	return lastLabels(a, count);
}

/** Canonical order, RFC 4034 6.1: by labels from the right, each as octets in lower case. */
export function compareNames(a: string, b: string): number {
	const left = labelsOf(a).reverse();
	const right = labelsOf(b).reverse();
	for (const [index, one] of left.entries()) {
		const other = right[index];
		if (other === undefined) return 1;
		if (one !== other) return one < other ? -1 : 1;
	}
	return left.length < right.length ? -1 : 0;
}

export function wildcardOf(name: string): string {
	return name === "" ? "*" : `*.${name}`;
}

/** For people: the root is a dot. */
export function shownName(name: string): string {
	return name === "" ? "." : name;
}
