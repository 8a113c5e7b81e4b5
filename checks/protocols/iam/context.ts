import { parseArn } from "./arn.ts";
import type { Caller } from "./caller.ts";

/** What the request says of a key. `absent` is a positive "the request does not have it". */
export type KeyState = { readonly state: "present"; readonly values: readonly string[] } | { readonly state: "absent" } | { readonly state: "unknown" };

/** Keys in lower case. An empty list of values says that the request does not have the key. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

const unknown: KeyState = { state: "unknown" };
const absent: KeyState = { state: "absent" };

export function keyState(context: RequestContext, key: string): KeyState {
	const values = context.get(key.toLowerCase());
	if (values === undefined) return unknown;
	return values.length === 0 ? absent : { state: "present", values };
}

/** Reads what a caller gives: strings, lists, and for convenience numbers and booleans. */
export function readContext(given: Readonly<Record<string, unknown>>): Map<string, readonly string[]> {
	const context = new Map<string, readonly string[]>();
	for (const [key, value] of Object.entries(given)) {
		if (value === undefined) continue;
		const list: readonly unknown[] = Array.isArray(value) ? value : value === null ? [] : [value];
		context.set(key.toLowerCase(), list.map(String));
	}
	return context;
}

/**
 * Keys that follow from who asks for what ("AWS global condition context keys", and the table of principal key values under
 * "Policy variables"). What was given wins.
 */
export function withImpliedKeys(
	context: Map<string, readonly string[]>,
	caller: Caller,
	resource: string,
	resourceAccount: string | undefined,
): Map<string, readonly string[]> {
	const imply = (key: string, values: readonly string[]): void => {
		if (!context.has(key)) context.set(key, values);
	};
	if (resourceAccount !== undefined) imply("aws:resourceaccount", [resourceAccount]);
	const service = parseArn(resource)?.service;
	switch (caller.kind) {
		case "user":
			imply("aws:principalarn", [caller.arn]);
			imply("aws:username", [caller.name]);
			imply("aws:principaltype", ["User"]);
			break;
		case "role":
			imply("aws:principalarn", [caller.arn]);
			imply("aws:username", []);
			imply("aws:principaltype", ["AssumedRole"]);
			break;
		case "session":
			// The ARN of the role has a path that the session's ARN does not tell: aws:PrincipalArn stays unknown.
			imply("aws:username", []);
			imply("aws:principaltype", ["AssumedRole"]);
			break;
		case "root":
			imply("aws:principalarn", [caller.arn]);
			imply("aws:username", []);
			imply("aws:principaltype", ["Account"]);
			break;
		case "federatedUser":
			imply("aws:username", []);
			imply("aws:principaltype", ["FederatedUser"]);
			break;
		case "service":
			for (const key of ["aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:username", "aws:principaltype"]) imply(key, []);
			imply("aws:principalservicename", [caller.name]);
			break;
		case "anonymous":
			for (const key of ["aws:principalarn", "aws:principalorgid", "aws:username"]) imply(key, []);
			imply("aws:principalaccount", ["anonymous"]);
			imply("aws:principaltype", ["Anonymous"]);
			break;
		case "federated":
		case "canonicalUser":
		case "unknown":
			break;
	}
	if (caller.kind !== "unknown") imply("aws:principalisawsservice", [String(caller.kind === "service")]);
	if (caller.kind !== "service" && caller.kind !== "unknown") imply("aws:principalservicename", []);
	if (caller.account !== undefined) {
		imply("aws:principalaccount", [caller.account]);
		if (service === "kms") imply("kms:calleraccount", [caller.account]);
	}
	return context;
}
