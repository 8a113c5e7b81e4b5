import { recordsOf } from "../resolver.ts";
import type { SpfAnalysis, SpfTermRef, SpfUnknown } from "./analysis.ts";
import { type Context, listLimit, question, rootQuestion, seenWhole } from "./context.ts";
import { expandDomain } from "./expand.ts";
import { readTexts, spfRecords } from "./lookup.ts";
import type { MacroToken } from "./macro.ts";
import { refOf, type WalkNode } from "./tree.ts";

export function publishedFacts(root: WalkNode): SpfAnalysis["published"] {
	if (root.answer === undefined || root.state === "unknown") return { ...rootQuestion(root), count: null, records: [], absence: null };
	const looked = readTexts(root.answer);
	const records = looked.state === "found" ? spfRecords(looked.values) : [];
	const absence = records.length > 0 ? null : looked.state === "found" ? "no_spf" : root.rcode === "NXDOMAIN" ? "NXDOMAIN" : "NODATA";
	return { ...seenWhole(), count: records.length, records, absence };
}

export function syntaxFacts({ root, order }: Context): SpfAnalysis["syntax"] {
	const errors: SpfAnalysis["syntax"]["errors"] = [];
	for (const node of order.length > 0 ? order : [root]) {
		for (const error of node.errors) {
			if (errors.length < listLimit) {
				errors.push({ ...refOf(node, { text: error.term, position: error.position }), offset: error.offset, message: error.message, macro: error.macro });
			}
		}
	}
	const known = root.state === "valid" || root.state === "invalid";
	return { ...(known ? seenWhole() : rootQuestion(root)), errors };
}

export function macroFacts({ root, order, domain }: Context): SpfAnalysis["macros"] {
	const used: SpfAnalysis["macros"]["used"] = [];
	const errors: SpfAnalysis["macros"]["errors"] = [];
	const truncated: SpfTermRef[] = [];
	for (const node of order.length > 0 ? order : [root]) {
		for (const error of node.errors) {
			if (error.macro) errors.push({ ...refOf(node, { text: error.term, position: error.position }), offset: error.offset, message: error.message });
		}
		if (node.state === "several" || node.record === undefined) continue;
		for (const term of node.record.terms) {
			if (term.tokens === undefined) continue;
			const ref = refOf(node, term);
			const letters = lettersOf(term.tokens);
			if (letters.length > 0 && used.length < listLimit) used.push({ ...ref, letters });
			if (truncated.length < listLimit && isTruncated(term.tokens, node.name, domain)) truncated.push(ref);
		}
	}
	const known = root.state === "valid" || root.state === "invalid";
	return { ...(known ? seenWhole() : rootQuestion(root)), used, errors: errors.slice(0, listLimit), truncated };
}

function lettersOf(tokens: readonly MacroToken[]): string[] {
	const letters = new Set<string>();
	for (const token of tokens) if (token.kind === "macro") letters.add(token.letter);
	return [...letters].sort();
}

/** Literals and the known letters alone are already too long. */
function isTruncated(tokens: readonly MacroToken[], current: string, root: string): boolean {
	let length = 0;
	for (const token of tokens) {
		if (token.kind === "literal") length += token.text.length;
		else if (token.letter === "d" || token.letter === "o") {
			length += expandDomain([token], {
				ip: { family: 4, bits: 0n },
				localPart: "",
				senderDomain: root,
				domain: current,
				helo: "",
				receiver: "",
				timestamp: 0,
			}).length;
		}
	}
	return length > 254;
}

export function ptrFacts(context: Context): SpfAnalysis["ptr"] {
	const own: SpfTermRef[] = [];
	const included: SpfTermRef[] = [];
	// Dead terms too: what is published is what counts.
	for (const node of context.order) {
		for (const mechanism of node.record?.mechanisms ?? []) {
			const list = node.depth === 0 ? own : included;
			if (mechanism.name === "ptr" && list.length < listLimit) list.push(refOf(node, mechanism));
		}
	}
	return { ...question(context.root, [], []), own, included };
}

export function deadFacts(context: Context): SpfAnalysis["deadTerms"] {
	const terms: SpfAnalysis["deadTerms"]["terms"] = [];
	for (const node of context.order) {
		if (node.record === undefined || node.state !== "valid") continue;
		for (const mechanism of node.record.mechanisms.slice(node.live.length)) {
			if (terms.length < listLimit) terms.push({ ...refOf(node, mechanism), why: "after_all" });
		}
		const redirect = node.record.redirect;
		if (redirect !== undefined && node.liveRedirect === undefined) terms.push({ ...refOf(node, redirect), why: "redirect_beside_all" });
	}
	return { ...question(context.root, [], []), terms };
}

export function sizeFacts(root: WalkNode): SpfAnalysis["size"] {
	const none = { strings: [], recordOctets: 0, nameAndTxtOctets: 0, answerOctets: 0, txtRecords: 0 };
	if (root.answer === undefined || root.text === null) return { ...rootQuestion(root), ...none };
	const records = recordsOf(root.answer, "TXT").map((record) => {
		const parts = Array.isArray(record.data) ? (record.data as readonly (string | Uint8Array)[]) : [record.data as string | Uint8Array];
		return parts.map((part) => part.length);
	});
	const sum = (lengths: readonly number[]): number => {
		let total = 0;
		for (const length of lengths) total += length;
		return total;
	};
	const texts = readTexts(root.answer);
	const at = texts.state === "found" ? texts.values.indexOf(root.text) : -1;
	let txtOctets = 0;
	// Header, then the question: the name with its length octets and root label, type and class.
	let answerOctets = 12 + root.name.length + 2 + 4;
	for (const strings of records) {
		txtOctets += sum(strings);
		// Compressed owner name 2, type 2, class 2, TTL 4, length 2, then each string with its length octet.
		answerOctets += 12 + sum(strings) + strings.length;
	}
	const known = root.state === "unknown" ? rootQuestion(root) : seenWhole();
	return {
		...known,
		strings: records[at] ?? [],
		recordOctets: root.text.length,
		nameAndTxtOctets: root.name.length + txtOctets,
		answerOctets,
		txtRecords: records.length,
	};
}

export function leftoverFacts(root: WalkNode, type99: WalkNode["answer"]): SpfAnalysis["leftovers"] {
	const unknown: SpfUnknown[] = [];
	const looked = root.answer === undefined ? undefined : readTexts(root.answer);
	if (looked?.state === "error") unknown.push({ code: looked.code, name: root.name, type: "TXT" });
	if (type99?.status === "error") unknown.push({ code: type99.code ?? "protocol_error", name: root.name, type: "SPF" });
	if (type99?.cnameLoop === true) unknown.push({ code: "cname_loop", name: root.name, type: "SPF" });
	const spf2 = looked?.state === "found" ? looked.values.filter((text) => /^spf2\.0\//i.test(text)) : [];
	const old = (type99?.answers ?? []).filter((record) => record.type === "SPF" || record.type === "UNKNOWN_99");
	const status = type99 === undefined ? "none" : unknown.length > 0 ? "incomplete" : "complete";
	return { status, unknown, notFollowed: [], type99: old.map((record) => textOf(record.data)), spf2 };
}

function textOf(data: unknown): string {
	const parts: unknown[] = Array.isArray(data) ? data : [data];
	return parts.map((part) => (part instanceof Uint8Array ? Buffer.from(part).toString("latin1") : String(part))).join("");
}
