import { basename } from "node:path";
import { type Evidence, type EvidenceError, listingId, type Target } from "../../../model/evidence.ts";
import { verifyDkimSignature } from "../../protocols/dkim/index.ts";
import { organizationalDomain } from "../../protocols/dmarc/index.ts";
import type { Resolver } from "../../protocols/resolver.ts";
import type { CollectContext, Collector } from "../collector.ts";
import { Recorder } from "../dns/recorder.ts";
import { listFolder } from "../folder-files.ts";
import { headerFacts } from "./header-facts.ts";
import { type ReadMessage, readMessage } from "./read-message.ts";
import type { SampleMessage } from "./schema.ts";

const messageKind = "content.message";
const answerKind = "dns.txt";

/**
 * Sample messages: the raw MIME files (*.eml) of a content target. What becomes evidence is domains, names of header fields and
 * whether signatures verify; no address, no text, no other header. DNS is asked for the keys and for the organizational domains of
 * the names, and the answers are kept.
 */
const messages: Collector = {
	id: "messages",
	target: "content",
	produces: [messageKind, answerKind],
	iamActions: [],
	touches: (target) => [`*.eml at ${target.id}, and DNS for the keys and domains that they name`],
	async *collect(target, context) {
		const { files, fault } = await listFolder(context.path, target.id, "the content");
		const recorder = new Recorder(context, target.id);
		let count = 0;
		for (const { label, path } of files) {
			// Stopped: nothing is listed, and the caller says so.
			if (context.signal.aborted) return;
			if (!/\.eml$/i.test(path)) continue;
			count += 1;
			const own = { kind: messageKind, id: label, source: sourceOf(target, `read ${label}`), collectedAt: context.now() };
			const read = await readMessage(path, context.signal);
			if (!read.ok) yield { ...own, status: "error", error: { detail: label, ...read.error } };
			else yield { ...own, status: "ok", values: await factsOf(read.message, label, recorder, context.signal) };
		}
		const answers = recorder.items();
		yield* answers;
		const error = fault ?? (recorder.overflowed ? tooMany : undefined);
		yield listing(target, context, messageKind, count, fault);
		yield listing(target, context, answerKind, answers.length, error);
	},
};

export default messages;

async function factsOf(message: ReadMessage, label: string, resolver: Resolver, signal: AbortSignal): Promise<SampleMessage> {
	const dkim: SampleMessage["dkim"] = [];
	let malformedSignatures = 0;
	for (const { field, parsed, bodyHash } of message.signatures) {
		// One that cannot be read names no domain that could be relied on: it is counted.
		if (!parsed.ok) {
			malformedSignatures += 1;
			continue;
		}
		const { signature } = parsed;
		const fields = message.fields.filter((other) => other !== field);
		const outcome = await verifyDkimSignature({ signature, field, fields, bodyHash, resolver, signal });
		dkim.push({
			domain: signature.domain,
			selector: signature.selector,
			algorithm: signature.algorithm,
			verified: outcome.verified,
			reason: outcome.code ?? outcome.reason ?? null,
			headers: [...new Set(signature.headers)],
			bodyLimit: signature.bodyLength !== null,
		});
	}
	const header = headerFacts(message.fields);
	// What alignment is judged by (RFC 9989 4.4): the answers are kept, the outcome is not.
	const names = new Set([...header.from, ...(header.mailFrom === null ? [] : [header.mailFrom]), ...dkim.map(({ domain }) => domain)]);
	await Promise.all([...names].map((domain) => organizationalDomain({ domain, resolver, signal })));
	return { stream: basename(label).replace(/\.eml$/i, "") || label, ...header, dkim, malformedSignatures };
}

const tooMany: EvidenceError = { code: "too_large", message: "the messages name more domains than are looked at" };

function listing(target: Target, context: CollectContext, kind: string, count: number, error: EvidenceError | undefined): Evidence {
	const base = { kind: "listing", id: listingId(kind, target.id), source: sourceOf(target, `list ${kind}`), collectedAt: context.now() };
	return error === undefined ? { ...base, status: "ok", values: { kind, target: target.id, count, complete: true } } : { ...base, status: "error", error };
}

function sourceOf(target: Target, call: string): Evidence["source"] {
	return { collector: "messages", version: "1", call, target: target.id };
}
