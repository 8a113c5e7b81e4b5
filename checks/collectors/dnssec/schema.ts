import { z } from "zod";
import type { Evidence } from "../../../model/evidence.ts";
import { type ReasonCode, reasonCodeList, reasonCodes } from "../../../model/reasons.ts";
import { type DsRecord, decodeRdata, encodeRdata } from "../../protocols/dnssec/index.ts";
import { type DnsAnswer, type DnsRecord, isAbsent, normalizeName, type RecordType } from "../../protocols/resolver.ts";

/** Questions that validation asks. Each type is a kind of evidence of its own. */
export const dnssecTypes = ["DNSKEY", "DS", "MX", "TXT", "CNAME", "A", "AAAA", "TLSA"] as const satisfies readonly RecordType[];

/** Kind of the evidence that holds answers of a type with their signatures. */
export function dnssecKind(type: RecordType): string {
	return `dnssec.${type.toLowerCase()}`;
}

const record = z.object({ name: z.string(), type: z.string(), ttl: z.number().int().min(0), rdata: z.base64() });

/** values of a dnssec.* item in status ok or absent: both sections with record data as octets, so that signatures can be checked again. */
const answerSchema = z.object({
	rcode: z.enum(["NOERROR", "NXDOMAIN"]),
	answers: z.array(record),
	/** SOA, NSEC, NSEC3 and the signatures over them; the rest proves nothing. */
	authorities: z.array(record),
	server: z.string().optional(),
	flags: z.array(z.string()).optional(),
});

const anchorSchema = z.object({
	name: z.string(),
	keyTag: z.number(),
	algorithm: z.number(),
	digestType: z.number(),
	digest: z.string().regex(/^(?:[0-9a-f]{2})+$/),
});

const proofTypes = new Set(["SOA", "NSEC", "NSEC3"]);

/** Status, values and error of the item that holds an answer. */
export function storeAnswer(answer: DnsAnswer, type: RecordType): Pick<Evidence, "status" | "values" | "error"> {
	if (answer.status === "error") {
		const code: ReasonCode = answer.code ?? "protocol_error";
		return { status: "error", error: { code, detail: answer.rcode, message: reasonCodes[code].meaning } };
	}
	const answers: z.infer<typeof record>[] = [];
	for (const one of answer.answers) {
		const stored = storeRecord(one);
		if (stored === undefined) return { status: "error", error: { code: "malformed", message: `a record of type ${one.type} has no unambiguous octets` } };
		answers.push(stored);
	}
	const authorities = (answer.authorities ?? []).filter(isProof).map(storeRecord);
	const values: z.infer<typeof answerSchema> = {
		rcode: answer.rcode === "NXDOMAIN" ? "NXDOMAIN" : "NOERROR",
		answers,
		authorities: authorities.filter((one) => one !== undefined),
	};
	if (answer.server !== undefined) values.server = answer.server;
	if (answer.flags !== undefined) values.flags = answer.flags;
	return { status: isAbsent(answer, type) ? "absent" : "ok", values };
}

/** The answer that an item holds. Values of another shape are an error, as is an item in status error. */
export function readAnswer(item: Evidence): DnsAnswer {
	if (item.status === "error") return { status: "error", code: item.error?.code ?? "malformed", answers: [] };
	const parsed = answerSchema.safeParse(item.values);
	if (!parsed.success) return { status: "error", code: "malformed", answers: [] };
	const answers = parsed.data.answers.map(readRecord);
	const authorities = parsed.data.authorities.map(readRecord);
	const known = answers.filter((one) => one !== undefined);
	if (known.length < answers.length) return { status: "error", code: "malformed", answers: [] };
	return { status: "ok", rcode: parsed.data.rcode, answers: known, authorities: authorities.filter((one) => one !== undefined) };
}

export function storeAnchor(anchor: DsRecord): z.infer<typeof anchorSchema> {
	const { name = ".", keyTag, algorithm, digestType, digest } = anchor;
	const hex = typeof digest === "string" ? digest.toLowerCase() : Buffer.from(digest).toString("hex");
	return { name: normalizeName(name), keyTag, algorithm, digestType, digest: hex };
}

/** The anchor that a config.dnssec_anchor item holds. */
export function readAnchor(item: Evidence): DsRecord | undefined {
	const parsed = item.status === "ok" ? anchorSchema.safeParse(item.values) : undefined;
	return parsed?.success === true ? parsed.data : undefined;
}

/** An error code as evidence may carry it for any reason of the validator. */
export function reasonCodeOf(reason: string | null): ReasonCode {
	if (reason === "stripped") return "tampered";
	if (reason === "no_anchor") return "input_not_supplied";
	if (reason === "limit_exceeded") return "too_large";
	return (reasonCodeList as string[]).includes(reason ?? "") ? (reason as ReasonCode) : "bogus";
}

function isProof(one: DnsRecord): boolean {
	return proofTypes.has(one.type) || (one.type === "RRSIG" && proofTypes.has(String((one.data as { typeCovered?: unknown } | null)?.typeCovered)));
}

function storeRecord({ name, type, ttl, data }: DnsRecord): z.infer<typeof record> | undefined {
	const octets = encodeRdata(type, data, false);
	return octets === undefined ? undefined : { name: normalizeName(name), type, ttl, rdata: octets.toString("base64") };
}

function readRecord({ name, type, ttl, rdata }: z.infer<typeof record>): DnsRecord | undefined {
	const data = decodeRdata(type, Buffer.from(rdata, "base64"));
	return data === undefined ? undefined : { name, type, ttl, data };
}
