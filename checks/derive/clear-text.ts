import { deniesInsecureTransport } from "../protocols/iam/index.ts";
import { parseAll, textAt, unknownText } from "./policy-documents.ts";
import { type Facts, truth } from "./policy-facts.ts";
import type { PolicySubject } from "./resource-policies.ts";

/** What a service's policies name, and what can be called on it. */
export interface Callable {
	readonly kind: string;
	/** The attribute by which an attached policy names it. */
	readonly link: string;
	readonly actions: readonly string[];
	/** Below the ARN: "" for itself, `/*` for what it holds. */
	readonly below: readonly string[];
	/** The ARN that a name or URL of it amounts to. */
	readonly arnOf: (name: string) => string;
	/** Attributes of a plan's resource that hold its ARN, and those that hold its name. */
	readonly arnAttributes: readonly string[];
	readonly nameAttributes: readonly string[];
}

/** Whether the policies refuse every request without TLS: `refusesClearText`. */
export function clearText(subject: PolicySubject, callable: Callable): Facts {
	const { address, arn, name } = identityOf(subject, callable);
	const attributes = new Map([
		...(address === undefined || name === undefined ? [] : callable.nameAttributes.map((attribute) => [`\${${address}.${attribute}}`, name] as const)),
		...(address === undefined ? [] : callable.arnAttributes.map((attribute) => [`\${${address}.${attribute}}`, arn] as const)),
	]);
	const documents = subject.documents.map((document) => (typeof document === "string" ? localized(document, attributes) : document));
	const resources = callable.below.map((below) => `${arn}${below}`);
	const { verdict, dependsOn } = deniesInsecureTransport(parseAll(documents, subject.item.id).policies, arn, { actions: callable.actions, resources });
	return truth("refusesClearText", verdict, dependsOn);
}

/** By what the resource goes: of a policy whose resource is not in the evidence, what it says itself. */
function identityOf({ item }: PolicySubject, { kind, link, arnOf, nameAttributes }: Callable): { address?: string; arn: string; name?: string } {
	if (item.kind === kind) {
		const name = nameAttributes.flatMap((attribute) => textAt(item, attribute) ?? [])[0];
		const arn = textAt(item, "arn") ?? (name === undefined ? undefined : arnOf(name)) ?? `\${${item.id}.arn}`;
		return { address: item.id, arn, name: name ?? `\${${item.id}.${nameAttributes[0] ?? "name"}}` };
	}
	const written = textAt(item, link);
	if (written !== undefined) return { arn: arnOf(written) };
	const [address, another] = item.references?.[link] ?? [];
	return address === undefined || another !== undefined ? { arn: unknownText } : { address, arn: `\${${address}.arn}` };
}

/** A text in which the resource goes by one name: policies write its ARN as a reference, or put it together from its name. */
function localized(text: string, attributes: ReadonlyMap<string, string>): string {
	let local = text.replaceAll(/\$\{(?:module\.[^{}]*\.)?data\.aws_partition\.[^{}.]*\.partition\}/g, "aws");
	for (const [placeholder, value] of attributes) {
		for (const written of new Set([placeholder, placeholder.replaceAll('"', '\\"')]))
			local = local.replaceAll(written, () => JSON.stringify(value).slice(1, -1));
	}
	return local;
}
