import { isIP } from "node:net";
import { z } from "zod";
import { parseEndpoint } from "../address.ts";
import { certificateVariants } from "../certificates/authority.ts";
import { keyKinds } from "../certificates/keys.ts";
import { dnsFaultKinds } from "../dns/faults.ts";
import { typeCode } from "../dns/packet.ts";
import { canonicalName, encodeRdata, nameFault } from "../dns/records.ts";
import { valuesOf } from "../dns/zone.ts";
import { signingFaults } from "../dnssec/signer.ts";
import type { HttpResponse } from "../https/server.ts";
import { starttlsModes } from "../smtp/personality.ts";
import { isAssociation } from "../tls/association.ts";

const milliseconds = z.number().int().min(0).max(600_000);
const count = z.number().int().min(0).max(1_000_000);
const octets = z
	.number()
	.int()
	.min(1)
	.max(64 * 1024 * 1024);
const octetText = z.string().refine((text) => !/[^\0-\xff]/.test(text), "holds a character above U+00FF; write the bytes as \\xNN escapes in double quotes");
const hostName = z.string().superRefine((name, context) => {
	const fault = nameFault(name);
	if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
});
const zoneName = z.string().superRefine((name, context) => {
	const fault = isIP(name) ? undefined : nameFault(name);
	if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
});
const ipAddress = z.string().refine((text) => isIP(text) !== 0, "expected an IP address");
const endpointKey = z
	.string()
	.refine((text) => parseEndpoint(text, 25) !== undefined, 'expected an address such as 192.0.2.10, "192.0.2.10:587" or "[2001:db8::10]:25"');

const scalar = z.union([z.string(), z.number()]);
const recordValue = z.union([z.string(), z.boolean(), z.array(z.string()), z.record(z.string(), scalar)]);
const nameRecords = z.record(z.string(), z.union([z.array(recordValue), recordValue])).superRefine((types, context) => {
	for (const [type, values] of Object.entries(types)) {
		if (typeCode(type) === undefined || type === "ANY") {
			context.addIssue({ code: "custom", path: [type], message: `unknown record type "${type}" (write it in upper case, such as TXT, or as TYPE65)` });
			continue;
		}
		const list = Array.isArray(values);
		for (const [index, value] of valuesOf(values).entries()) {
			const path = list ? [type, index] : [type];
			if ((type === "SOA" && value === true) || (type === "TLSA" && isAssociation(value))) continue;
			try {
				encodeRdata(type, value);
			} catch (error) {
				if (!(error instanceof RangeError)) throw error;
				context.addIssue({ code: "custom", path, message: error.message });
			}
		}
	}
	if (types.CNAME !== undefined && Object.keys(types).some((type) => type !== "CNAME" && type !== "RRSIG" && type !== "NSEC")) {
		context.addIssue({ code: "custom", path: ["CNAME"], message: "a name with a CNAME holds nothing else (RFC 1034 3.6.2)" });
	}
});
const names = z.record(zoneName, nameRecords);

const dnsFault = z.union([
	z.enum(dnsFaultKinds),
	z.strictObject({ kind: z.enum(dnsFaultKinds).optional(), delayMs: milliseconds.optional(), times: count.optional() }),
]);
const faults = z.record(
	z.string().refine((key) => {
		const [name = "", type, ...rest] = key.split("/");
		return rest.length === 0 && nameFault(name) === undefined && (type === undefined || typeCode(type.toUpperCase()) !== undefined);
	}, 'expected a name or "name/TYPE"'),
	dnsFault,
);
const nameServer = z.strictObject({
	names: names.optional().describe("Replace the records of these names, at this server alone; an empty mapping removes the name"),
	faults: faults.optional().describe("Added to those of dns.faults"),
	delayMs: milliseconds.optional(),
	tcp: z.boolean().optional(),
});

const signatureDays = z.number().min(-20_000).max(20_000).optional();
const zoneSigning = z.union([
	z.literal(true),
	z.enum(signingFaults),
	z.strictObject({ fault: z.enum(signingFaults).optional(), startsInDays: signatureDays, expiresInDays: signatureDays }),
]);

const certificateSpec = z.strictObject({
	variant: z.enum(certificateVariants).optional(),
	names: z.array(z.string()).optional(),
	commonName: z.string().optional(),
	key: z.enum(keyKinds).optional(),
	hash: z.enum(["sha1", "sha256", "sha384"]).optional(),
	startsInDays: z.number().min(-20_000).max(20_000).optional(),
	expiresInDays: z.number().min(-20_000).max(20_000).optional(),
	issuer: z.enum(["lab", "untrusted", "self", "expired-intermediate"]).optional(),
	chain: z.enum(["full", "leaf", "reversed", "with-root"]).optional(),
});
const certificateReference = z.union([z.string(), certificateSpec]);
const tlsVersion = z.enum(["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]);
const tlsSettings = z.strictObject({
	minVersion: tlsVersion.optional(),
	maxVersion: tlsVersion.optional(),
	ciphers: z.string().optional(),
	groups: z.string().optional(),
	certificate: certificateReference.optional(),
	sni: z.record(hostName, certificateReference).optional(),
	fail: z.enum(["alert", "close", "hang", "garbage"]).optional(),
});

const greeting = z.strictObject({
	code: z.number().int().min(200).max(599).optional(),
	lines: z.array(octetText).min(1).optional(),
	raw: octetText.optional(),
	delayMs: milliseconds.optional(),
	bytesPerSecond: z.number().min(0.01).max(1_000_000).optional(),
	close: z.enum(["silently", "reset", "never"]).optional(),
	endlessBytes: octets.optional(),
});
const personality = z.strictObject({
	host: hostName,
	greeting: greeting.optional(),
	firstConnections: z.strictObject({ count, greeting }).optional(),
	maxConnections: count.optional(),
	ehloCode: z.number().int().min(200).max(599).optional(),
	keywords: z.array(octetText).optional(),
	keywordsInTls: z.array(octetText).optional(),
	starttls: z.enum(starttlsModes).optional(),
	starttlsCode: z.number().int().min(400).max(599).optional(),
	implicitTls: z.boolean().optional(),
	tls: tlsSettings.optional(),
	accepts: z.array(z.string()).optional(),
	refuse: z.boolean().optional(),
});

const httpResponse: z.ZodType<HttpResponse, HttpResponse> = z.strictObject({
	status: z.number().int().min(200).max(599).optional(),
	headers: z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "expected a header name"), octetText).optional(),
	contentType: octetText.optional(),
	body: octetText.optional(),
	bytes: octets.optional(),
	chunked: z.boolean().optional(),
	redirect: octetText.optional(),
	delayMs: milliseconds.optional(),
	bytesPerSecond: z.number().min(0.01).max(1_000_000).optional(),
	bodyless: z.boolean().optional(),
	raw: octetText.optional(),
	times: count.optional(),
	get after() {
		return httpResponse.optional();
	},
});
const httpsHost = z.strictObject({
	addresses: z.array(ipAddress).optional().describe("Default: the A and AAAA records of the name in dns.names"),
	port: z.number().int().min(1).max(65535).optional(),
	policy: z.union([octetText, httpResponse]).optional().describe("The answer under /.well-known/mta-sts.txt"),
	paths: z.record(z.string().startsWith("/"), httpResponse).optional(),
	tls: tlsSettings.optional(),
	refuse: z.boolean().optional(),
	silent: z.boolean().optional(),
});

export const worldSchema = z
	.strictObject({
		dns: z.strictObject({
			ttlSeconds: z.number().int().min(0).max(2_147_483_647).optional(),
			names,
			signed: z.record(hostName, zoneSigning).optional().describe('Zones that are signed, the root as "."; each but the root has an SOA in dns.names'),
			faults: faults.optional(),
			delayMs: milliseconds.optional(),
			resolvers: z.array(nameServer).min(1).optional().describe("One resolver each, in order; default one without a fault of its own"),
			servers: z.record(ipAddress, nameServer).optional().describe("Name servers by address, on port 53; default every address of an NS target, all alike"),
		}),
		smtp: z.record(endpointKey, personality).optional(),
		https: z.record(hostName, httpsHost).optional(),
		certificates: z.record(z.string(), certificateSpec).optional(),
		ehloName: hostName.optional(),
		egressProbes: z.array(hostName).optional(),
	})
	.superRefine((world, context) => {
		const known = new Set<string>([...certificateVariants, ...Object.keys(world.certificates ?? {})]);
		const refer = (reference: z.infer<typeof certificateReference> | undefined, path: (string | number)[]): void => {
			if (typeof reference !== "string" || known.has(reference)) return;
			context.addIssue({ code: "custom", path, message: `no certificate "${reference}"; known are ${[...known].join(", ")}` });
		};
		const apexes = new Set(Object.entries(world.dns.names).flatMap(([name, { SOA }]) => (SOA === undefined ? [] : [canonicalName(name)])));
		for (const zone of Object.keys(world.dns.signed ?? {})) {
			if (zone === "." || apexes.has(canonicalName(zone))) continue;
			context.addIssue({ code: "custom", path: ["dns", "signed", zone], message: `no zone "${zone}": dns.names has no SOA for it` });
		}
		const parts = { smtp: world.smtp ?? {}, https: world.https ?? {} };
		for (const [part, entries] of Object.entries(parts)) {
			for (const [key, { tls }] of Object.entries<{ tls?: z.infer<typeof tlsSettings> | undefined }>(entries)) {
				refer(tls?.certificate, [part, key, "tls", "certificate"]);
				for (const [name, reference] of Object.entries(tls?.sni ?? {})) refer(reference, [part, key, "tls", "sni", name]);
			}
		}
	});

/** A mail world as a plain object. */
export type LabWorld = z.input<typeof worldSchema>;
export type NameServerWorld = z.infer<typeof nameServer>;
