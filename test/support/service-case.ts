import { z } from "zod";
import type { ServiceValues } from "../../checks/collectors/smtp/service.ts";
import { certificateVariants } from "../../lab/index.ts";
import type { Evidence } from "../../model/evidence.ts";
import { type ReasonCode, reasonCodeList } from "../../model/reasons.ts";

const reasonCode = z.enum(reasonCodeList as [ReasonCode, ...ReasonCode[]]);
const ports = { submissions: 465, submission: 587, imaps: 993, pop3s: 995, imap: 143, pop3: 110 } as const;

/** What a submission or mailbox port of mx.example.org does; the defaults are those of a service in order. */
export const serviceCaseSchema = z.strictObject({
	service: z.enum(["submissions", "submission", "imaps", "pop3s", "imap", "pop3"]),
	closed: z.boolean().default(false),
	error: reasonCode.optional(),
	tlsError: reasonCode.optional(),
	starttls: z.boolean().nullable().default(true),
	loginInClear: z.boolean().nullable().default(false),
	protocol: z.string().default("TLSv1.3"),
	/** Old versions are accepted; null: neither accepted nor refused. */
	old: z.boolean().nullable().default(false),
	certificate: z.enum(certificateVariants).default("valid"),
});

export function serviceItem(one: z.infer<typeof serviceCaseSchema>, chain: readonly Buffer[], at: Pick<Evidence, "source" | "collectedAt">): Evidence {
	const place = { host: "mx.example.org", address: "192.0.2.10", port: ports[one.service] };
	const kind = one.service.startsWith("submission") ? "submission.service" : "mailbox.service";
	const item = { kind, id: `${place.host}|${place.address}|${place.port}`, ...at };
	if (one.closed) return { ...item, status: "absent", values: { ...place, service: one.service, why: "connection refused" } };
	if (one.error !== undefined) return { ...item, status: "error", error: { code: one.error, message: "case" } };
	const implicitTls = one.service.endsWith("s");
	const tried = implicitTls || one.service === "submission";
	const values: ServiceValues = {
		...place,
		service: one.service,
		implicitTls,
		greeting: "ready",
		starttls: implicitTls ? null : one.starttls,
		loginInClear: one.loginInClear,
		tls:
			!tried || one.tlsError !== undefined || (!implicitTls && one.starttls !== true)
				? null
				: {
						protocol: one.protocol,
						cipher: "TLS_AES_128_GCM_SHA256",
						group: null,
						chain: chain.map((der) => der.toString("base64")),
						ocspStaple: null,
						earlyDataBytes: null,
					},
		accepted: { TLSv1: one.old, "TLSv1.1": one.old, "TLSv1.2": true, "TLSv1.3": true },
		tlsFault: one.tlsError === undefined ? null : { code: one.tlsError, detail: null },
		transcript: [],
	};
	return { ...item, status: "ok", values };
}
