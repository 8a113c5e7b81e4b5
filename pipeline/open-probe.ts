import { z } from "zod";
import { parseJsonText } from "../checks/adapters/terraform/json-text.ts";
import { evidenceLine, sha256Hex } from "../model/canonical.ts";
import { type Evidence, evidenceSchema } from "../model/evidence.ts";
import { decodeUtf8, InputError } from "../model/source.ts";
import { isLook, type ProbeDocument, probePayloadType, probeSchema } from "./probe-file.ts";
import { type DsseEnvelope, type TrustedKey, verifyDsse } from "./signing.ts";
import { packageInfo } from "./version.ts";

/** A probe whose signature, form and hashes hold. */
export interface ImportedProbe {
	file: string;
	sha256: string;
	document: ProbeDocument;
	signer: TrustedKey;
	/** Its vantage in a word: the address, or the key where no address is known. */
	label: string;
	stale: boolean;
	items: Evidence[];
	/** MX addresses for which it spoke. */
	used: Set<string>;
	/** Domain or MX address to why it may not speak of it. */
	refused: Map<string, string>;
}

/** An answer that is older says little about today. */
export const staleAfterDays = 30;
/** Clocks of two machines differ; a probe from further ahead is dated wrongly, and its age would be too. */
const maxSkewMs = 10 * 60_000;

const place = { host: z.string(), address: z.string(), port: z.number() };
const session = z.object({
	...place,
	servername: z.string(),
	protocol: z.string(),
	cipher: z.string(),
	group: z.object({ type: z.string(), name: z.string(), bits: z.number().nullable() }).nullable(),
	chain: z.array(z.string()),
	accepted: z.record(z.string(), z.boolean().nullable()),
});
const starttls = z.object({
	...place,
	ehlo: z.object({ command: z.string(), code: z.number(), keywords: z.array(z.string()) }),
	starttls: z.object({
		advertised: z.boolean(),
		overwritten: z.boolean(),
		replyCode: z.number().nullable(),
		plaintextAfterReply: z.boolean(),
		upgraded: z.boolean(),
	}),
	transcript: z.array(z.object({ from: z.enum(["client", "server"]), line: z.string() })),
});
const dns = z.object({
	rcode: z.string(),
	records: z.array(z.object({ name: z.string(), type: z.string(), ttl: z.number(), data: z.unknown() })),
});
/** What the judging side takes for granted of values, by kind. Kinds that are not here come only from a probe of this very version. */
const shapes = new Map<string, z.ZodType>([
	["smtp.starttls", starttls],
	["tls.session", session],
	["dns.mx", dns],
	["dns.a", dns],
	["dns.aaaa", dns],
]);

/**
 * Opens a probe: signature first, then form, then the hash of every item. Age makes it stale, it does not make it wrong.
 * Throws InputError for what a trusted key did not sign, and for what was signed and is no probe.
 */
export function openProbe(given: { file: string; sha256: string; envelope: DsseEnvelope; trusted: readonly TrustedKey[]; now: Date }): ImportedProbe {
	const { file, envelope, trusted, now } = given;
	const fault = (message: string): InputError => new InputError([{ file, line: 1, column: 1, message }]);
	const opened = verifyDsse(envelope, probePayloadType, trusted);
	if (!opened.ok) {
		switch (opened.why) {
			case "payload_type":
				throw fault(`holds ${JSON.stringify(envelope.payloadType.slice(0, 80))}; expected ${probePayloadType}`);
			case "encoding":
				throw fault("is damaged: payload or signature is no base64");
			case "bad_signature":
				throw fault("was changed after it was signed: the signature does not hold");
			case "unknown_key":
				throw fault(
					trusted.length === 0
						? "is signed, and the configuration trusts no key; add the public key of its maker to trust.keys"
						: "is not signed by a key of trust.keys, or was changed after it was signed",
				);
		}
	}
	const parsed = probeSchema.safeParse(parseJsonText(decodeUtf8(opened.payload, file), file));
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw fault(`is no probe of this version: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
	}
	const document = parsed.data;
	const endedMs = Date.parse(document.endedAt);
	if (endedMs < Date.parse(document.startedAt)) throw fault("ended before it started");
	if (endedMs - now.getTime() > maxSkewMs) throw fault(`is dated ${document.endedAt}, after this run's clock; set one of the two right`);
	const items = document.evidence.map(({ sha256, line }, index) => {
		const problem = (message: string): InputError => fault(`evidence[${index}]: ${message}`);
		if (sha256Hex(line) !== sha256) throw problem("does not have the hash that is on record");
		return readItem(line, file, document, problem);
	});
	return {
		file,
		sha256: given.sha256,
		document,
		signer: opened.signer,
		label: document.vantage.address ?? `key ${opened.signer.id.slice(0, 16)}`,
		stale: now.getTime() - endedMs > staleAfterDays * 86_400_000,
		items: items.filter((item) => shapes.has(item.kind) || document.tool.version === packageInfo().version),
		used: new Set(),
		refused: new Map(),
	};
}

function readItem(line: string, file: string, document: ProbeDocument, problem: (message: string) => InputError): Evidence {
	const parsed = evidenceSchema.safeParse(parseJsonText(line, file));
	if (!parsed.success) throw problem(`is no evidence item: ${parsed.error.issues[0]?.message ?? ""}`);
	const item = parsed.data as Evidence;
	if (evidenceLine(item).line !== line) throw problem("is not in canonical form");
	const { kind, id, status, error, values, collectedAt, source } = item;
	if (!isLook(kind) && !/^dns\.(mx|a|aaaa)$/.test(kind)) throw problem(`a probe holds no ${kind}`);
	if (isLook(kind) && id !== source.target) throw problem("tells of another address than its own");
	const at = Date.parse(collectedAt);
	// An item older than the probe around it would be an old answer in a new coat.
	if (Number.isNaN(at) || at < Date.parse(document.startedAt) || at > Date.parse(document.endedAt))
		throw problem("was not collected between start and end of the probe");
	if ((status === "error") !== (error !== undefined)) throw problem("status and error contradict each other");
	if (status === "error") return item;
	if (isLook(kind) && status !== "ok") throw problem(`${kind} cannot be absent`);
	const shape = shapes.get(kind)?.safeParse(values);
	if (shape?.success === false) throw problem(`values of ${kind}: ${shape.error.issues[0]?.path.join(".") ?? ""}: ${shape.error.issues[0]?.message ?? ""}`);
	if (isLook(kind) && !isAt(values, id)) throw problem("its values tell of another address than its own");
	return item;
}

function isAt(values: unknown, id: string): boolean {
	const { host, address, port } = (values ?? {}) as { host?: unknown; address?: unknown; port?: unknown };
	return `${host}|${address}|${port}` === id;
}
