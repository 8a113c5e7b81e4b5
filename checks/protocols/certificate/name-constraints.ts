import type { Certificate } from "./certificate.ts";
import type { GeneralName, NameConstraints } from "./extensions.ts";

/**
 * Whether a certificate further down the path is within the constraints of one above it (RFC 5280 4.2.1.10).
 * Returns what is outside them, or undefined. A constraint on a form that is not compared here counts as violated
 * as soon as the certificate has a name of that form, as the RFC asks.
 */
export function outsideConstraints(constraints: NameConstraints, certificate: Certificate): string | undefined {
	const names: GeneralName[] = [...certificate.extensions.subjectAltNames];
	if (!certificate.subject.empty) names.push({ type: "directory", value: certificate.subject.text, directory: certificate.subject });
	// Names times constraints can be large in hostile certificates: the product is bounded, not only each factor.
	let budget = 200_000;
	for (const name of names) {
		const permitted = constraints.permitted.filter((constraint) => constraint.type === name.type);
		const excluded = constraints.excluded.filter((constraint) => constraint.type === name.type);
		budget -= constraints.permitted.length + constraints.excluded.length + 1;
		if (budget < 0) return "more names and constraints than are compared";
		if (permitted.length + excluded.length === 0) continue;
		const text = `${name.type} ${name.value.slice(0, 100)}`;
		if (name.type !== "dns" && name.type !== "ip" && name.type !== "directory") return text;
		if (permitted.length > 0 && !permitted.some((constraint) => within(name, constraint, false))) return text;
		if (excluded.some((constraint) => within(name, constraint, true))) return text;
	}
	return undefined;
}

function within(name: GeneralName, constraint: GeneralName, excluding: boolean): boolean {
	if (name.type === "dns") return dnsWithin(name.value.toLowerCase(), constraint.value.toLowerCase(), excluding);
	if (name.type === "ip") return ipWithin(name.value, constraint.value);
	const path = name.directory?.relativeKeys ?? [];
	return (constraint.directory?.relativeKeys ?? []).every((key, index) => path[index] === key);
}

function dnsWithin(name: string, constraint: string, excluding: boolean): boolean {
	if (constraint === "") return true;
	if (constraint.startsWith(".")) return name.endsWith(constraint);
	if (name === constraint || name.endsWith(`.${constraint}`)) return true;
	// *.example.com may stand for the excluded host.example.com.
	return excluding && name.startsWith("*.") && constraint.slice(constraint.indexOf(".")) === name.slice(1);
}

function ipWithin(address: string, constraint: string): boolean {
	if (constraint.length !== address.length * 2) return false;
	const octets = Buffer.from(address, "hex");
	const base = Buffer.from(constraint.slice(0, address.length), "hex");
	const mask = Buffer.from(constraint.slice(address.length), "hex");
	return octets.every((octet, index) => (octet & (mask[index] ?? 0)) === ((base[index] ?? 0) & (mask[index] ?? 0)));
}
