import { z } from "zod";
import type { ActiveValues, TlsOffersValues } from "../../checks/collectors/smtp/schema.ts";
import {
	answerWithout,
	namedGroups,
	newestSuites,
	olderSuites,
	signatureSchemes,
	type TlsAnswer,
	type TlsOffer,
	type TlsProbe,
	wideOffer,
} from "../../checks/protocols/tls/index.ts";
import { networkConfigSchema } from "../../model/config.ts";
import { stapleKinds } from "./ocsp.ts";

/** What one address does at full depth; everything that is not named is refused. */
export const offersCaseSchema = z.strictObject({
	suites: z.array(z.string()).default(["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]),
	groups: z.array(z.string()).default(["x25519"]),
	signatures: z.array(z.string()).default([]),
	/** Choice from all suites, weakest first. */
	chosen: z.string().default("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
	ssl3: z.boolean().default(false),
	dhBits: z.number().int().optional(),
	secureRenegotiation: z.boolean().default(true),
	extendedMasterSecret: z.boolean().default(true),
	compression: z.boolean().default(false),
	clientRenegotiations: z.number().int().nullable().default(0),
	/** In place of every refusal. */
	inconclusive: z.enum(["alert", "closed", "timeout", "not_tls", "malformed", "no_handshake"]).optional(),
});

/** What the active tests got; the defaults are those of a server in order. */
export const activeCaseSchema = z.strictObject({
	mail: z.number().int().default(250),
	rcpt: z.number().int().nullable().default(550),
	rcptText: z.string().default("relaying denied"),
	answered: z.boolean().nullable().default(false),
});

export const tlsCaseFields = {
	/** Without: the standard depth. */
	offers: offersCaseSchema.optional(),
	/** Without: no active test is permitted. */
	active: activeCaseSchema.optional(),
	group: z.string().optional(),
	earlyDataBytes: z.number().int().nullable().default(0),
	ehloTls: z.array(z.string()).nullable().default([]),
	staple: z.enum(stapleKinds).optional(),
	profile: networkConfigSchema.shape.tlsProfile,
};

type OffersCase = z.infer<typeof offersCaseSchema>;
interface Place {
	host: string;
	address: string;
	port: number;
}

export function offersValues(place: Place, one: OffersCase): TlsOffersValues {
	const older = wideOffer(["TLSv1.2"], olderSuites);
	const hello = (more: Partial<TlsAnswer>): TlsAnswer => ({
		...answerWithout("hello", null),
		version: "TLSv1.2",
		extendedMasterSecret: one.extendedMasterSecret,
		secureRenegotiation: one.secureRenegotiation,
		compression: one.compression,
		...more,
	});
	const refused = one.inconclusive === undefined ? answerWithout("refused", "handshake_failure") : answerWithout(one.inconclusive, null);
	const probe = (asks: TlsProbe["asks"], offer: TlsOffer, answer: TlsAnswer): TlsProbe => ({ asks, offer, answer });
	const probes = [
		probe("order", { ...older, compression: true }, one.inconclusive === undefined ? hello({ suite: one.chosen }) : refused),
		...one.suites.map((suite) => probe("suites", older, hello({ suite, keyBits: suite.includes("_DHE_") ? (one.dhBits ?? null) : null }))),
		probe("suites", older, refused),
		probe("suites", wideOffer(["TLSv1.3"], newestSuites), refused),
		probe("version", wideOffer(["SSLv3"], olderSuites, { groups: [], signatures: [] }), one.ssl3 ? hello({ version: "SSLv3", suite: null }) : refused),
		...one.groups.map((group) => probe("groups", older, hello({ group }))),
		probe("groups", wideOffer(["TLSv1.3"], newestSuites, { groups: namedGroups.map((group) => group.name) }), refused),
		...one.signatures.map((signature) => probe("signatures", older, hello({ signature }))),
		probe(
			"signatures",
			{ ...older, signatures: signatureSchemes.filter((scheme) => /md5|sha1|sha224/.test(scheme.hash)).map((scheme) => scheme.name) },
			refused,
		),
	];
	return { ...place, connections: 3 + probes.length, clientRenegotiations: one.clientRenegotiations, probes };
}

export function activeValues(place: Place, one: z.infer<typeof activeCaseSchema>): ActiveValues {
	return {
		...place,
		permittedBy: "owner of the hosts",
		permittedOn: "2026-11-01",
		relay: {
			sender: "relay-test@scanner.example",
			recipient: "relay-test@example.com",
			mailCode: one.mail,
			rcptCode: one.rcpt,
			rcptText: one.rcpt === null ? null : one.rcptText,
		},
		pipelined: { replyCode: 220, answered: one.answered },
		transcript: [],
	};
}
