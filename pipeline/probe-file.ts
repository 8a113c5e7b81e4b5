import { z } from "zod";

/** The document that `mailward probe` writes, and `scan --evidence` reads: signed as the payload of a DSSE envelope, or bare. */
export const probeSchemaId = "mailward/probe/v1";
export const probePayloadType = "application/vnd.mailward.probe+json";

/** The most that is read of a probe, octets of the file; a probe of a hundred MX addresses has about 2 MB. */
export const maxProbeBytes = 64 * 1024 * 1024;
export const maxProbeItems = 20_000;

const instant = z.iso.datetime({ offset: true });

export const probeTargetSchema = z.strictObject({
	/** As asked for: a domain, a host, or host|ip. */
	asked: z.string().min(1).max(600),
	/** The domain whose MX hosts were probed; null when a host was named itself. */
	domain: z.string().max(255).nullable(),
	/** MX records of the domain, by preference and name; empty when it has none and takes mail itself (RFC 5321 5.1). */
	mx: z.array(z.strictObject({ preference: z.number().int().min(0).max(65_535), exchange: z.string().max(1200) })).max(1000),
	/** The addresses that were probed: host|ip|port. */
	addresses: z.array(z.string().max(1200)).max(1000),
	/** Why nothing or not everything could be found; null otherwise. */
	fault: z.string().max(1000).nullable(),
});
export type ProbeTarget = z.infer<typeof probeTargetSchema>;

export const probeSchema = z.strictObject({
	schema: z.literal(probeSchemaId),
	tool: z.strictObject({ name: z.literal("mailward"), version: z.string().max(100) }),
	vantage: z.strictObject({
		/** Address that the probe was made from: as told by the user, else the local one; null when neither is known. */
		address: z.string().max(100).nullable(),
		/** Its name in reverse DNS, where there is one. */
		reverseName: z.string().max(255).nullable(),
	}),
	startedAt: instant,
	endedAt: instant,
	/** Stopped by the user: what it holds was seen, but it is not all. */
	interrupted: z.boolean(),
	targets: z.array(probeTargetSchema).max(10_000),
	/** Evidence items as canonical JSON lines (RFC 8785), each with its SHA-256. */
	evidence: z.array(z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), line: z.string().max(4 * 1024 * 1024) })).max(maxProbeItems),
});
export type ProbeDocument = z.infer<typeof probeSchema>;

/** Kinds that tell what was seen of a server. What was configured (trust anchors, profile) is the importer's own to say, and stays out of a probe. */
export function isLook(kind: string): boolean {
	return kind.startsWith("smtp.") || kind.startsWith("tls.");
}
