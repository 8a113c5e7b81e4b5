import { afterEach, describe, expect, it } from "vitest";
import { type Lab, type LabWorld, type SmtpPersonality, startLab } from "../../../lab/index.ts";
import { configSchema } from "../../../model/config.ts";
import { type Evidence, evidenceSchema, type Target } from "../../../model/evidence.ts";
import { createConnector } from "../../network/create-connector.ts";
import { zoneResolver } from "../../protocols/testing/zone-resolver.ts";
import { type OfferSummary, suiteByName, summarizeProbes } from "../../protocols/tls/index.ts";
import type { CollectContext } from "../collector.ts";
import smtp from "./index.ts";
import type { ActiveValues, StarttlsValues, TlsOffersValues, TlsSessionValues } from "./schema.ts";

const host = "mx.example.org";
const address = "192.0.2.10";
const target: Target = { id: `${host}|${address}|25`, type: "mx", domains: ["example.org"] };
let open: Lab[] = [];
afterEach(async () => {
	await Promise.all(open.map((lab) => lab.close()));
	open = [];
});

interface Seen {
	items: Evidence[];
	offers: Evidence;
	active: Evidence;
	session: TlsSessionValues;
	starttls: StarttlsValues;
	connections: number;
	commands: Record<string, number>;
}

async function look(
	personality: Partial<SmtpPersonality>,
	network: Record<string, unknown> = {},
	domains: { name: string }[] = [{ name: "example.org" }],
): Promise<Seen> {
	const lab = await startLab({ dns: { names: {} }, smtp: { [address]: { host, ...personality } as NonNullable<LabWorld["smtp"]>[string] } });
	open.push(lab);
	const config = configSchema.parse({
		version: 1,
		domains,
		network: { ehloName: "scanner.example.org", timeoutMs: { smtp: 3000 }, retryWaitMs: 5, connectOnly: true, connect: lab.network.connect, ...network },
	});
	const silent = (): undefined => undefined;
	const context: CollectContext = {
		config,
		path: "",
		domain: () => undefined,
		resolver: zoneResolver({}),
		connector: createConnector(config.network, []),
		now: () => "2026-11-01T00:00:00Z",
		signal: new AbortController().signal,
		limit: (_key, _perKey, work) => work(),
		log: { debug: silent, info: silent, warn: silent },
	};
	const items: Evidence[] = [];
	for await (const item of smtp.collect(target, context)) items.push(evidenceSchema.parse(item) as Evidence);
	const find = (kind: string): Evidence => items.find((item) => item.kind === kind && item.id === target.id) as Evidence;
	const stats = lab.stats.smtp[`${address}:25`];
	return {
		items,
		offers: find("tls.offers"),
		active: find("smtp.active"),
		session: find("tls.session").values as TlsSessionValues,
		starttls: find("smtp.starttls").values as StarttlsValues,
		connections: stats?.connections ?? 0,
		commands: (stats?.commands ?? {}) as Record<string, number>,
	};
}

const summaryOf = ({ offers }: Seen): OfferSummary => summarizeProbes((offers.values as TlsOffersValues).probes);
const full = { tlsDepth: "full" };
const activeTests = { permittedBy: "owner of the hosts", on: "2026-11-01" };

describe("at the full depth", () => {
	it("a server in order is settled within the connections allowed, by suites, groups, signatures and extensions", async () => {
		const seen = await look({}, full);
		expect(seen.connections).toBeLessThanOrEqual(16);
		const { connections, probes } = seen.offers.values as TlsOffersValues;
		expect([connections, probes.length]).toEqual([seen.connections, seen.connections - 4]);
		expect((seen.offers.values as TlsOffersValues).clientRenegotiations).toBe(10);
		const summary = summaryOf(seen);
		expect(summary).toMatchObject({ ssl3: false, extendedMasterSecret: true, secureRenegotiation: true, compression: false, dhBits: null });
		expect(suiteByName(summary.chosenFromWeakestFirst ?? "")).toMatchObject({ keyExchange: "ecdhe", aead: true });
		expect(summary.suites.refused).toEqual(
			expect.arrayContaining(["TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"]),
		);
		expect(summary.suites.accepted.every((name) => /ECDHE|TLS_(AES|CHACHA20)/.test(name))).toBe(true);
		expect(summary.groups.accepted).toContain("X25519MLKEM768");
		expect(summary.groups.refused).toEqual(expect.arrayContaining(["secp192r1", "secp160k1", "ffdhe2048", "secp521r1"]));
		// The certificate is ECDSA: nothing can be signed the RSA way.
		expect(summary.signatures.refused).toEqual(expect.arrayContaining(["rsa_pkcs1_sha1", "rsa_pkcs1_md5"]));
	}, 20_000);

	it("a lax server shows weak suites, static RSA, DH primes and SHA-1, and stays within the limit", async () => {
		const seen = await look(
			{ tls: { minVersion: "TLSv1", maxVersion: "TLSv1.2", ciphers: "ALL:COMPLEMENTOFALL:@SECLEVEL=0", certificate: { key: "rsa-2048" } } },
			full,
		);
		expect(seen.connections).toBeLessThanOrEqual(16);
		const summary = summaryOf(seen);
		const kinds = summary.suites.accepted.map((name) => suiteByName(name));
		expect(kinds.some((suite) => (suite?.weaknesses.length ?? 0) > 0)).toBe(true);
		expect(kinds.some((suite) => suite?.keyExchange === "rsa")).toBe(true);
		expect(summary.ssl3).toBe(false);
	}, 20_000);

	it("is for declared domains alone, and costs nothing otherwise", async () => {
		const foreign = await look({}, { ...full, activeTests }, []);
		expect(foreign.offers).toMatchObject({ status: "error", error: { code: "not_at_this_depth" } });
		expect(foreign.active).toMatchObject({ status: "error", error: { code: "not_permitted" } });
		expect(foreign.connections).toBe(3);
		const standard = await look({});
		expect(standard.offers).toMatchObject({ status: "error", error: { code: "not_at_this_depth" } });
		expect(standard.connections).toBe(3);
		expect(standard.items.find((item) => item.kind === "config.network")?.values).toEqual({ tlsProfile: "mozilla-intermediate", tlsDepth: "standard" });
		expect(standard.session.group?.name).toBe("X25519MLKEM768");
		expect(Object.keys(standard.commands)).not.toContain("MAIL");
		for (const kind of smtp.produces) {
			const count = standard.items.filter((item) => item.kind === kind).length;
			expect(standard.items.find((item) => item.kind === "listing" && item.id === `${kind}@${target.id}`)).toMatchObject({ values: { count, complete: true } });
		}
	});

	it("a server that turns us away ends the probing", async () => {
		const seen = await look({ starttls: "unavailable" }, { ...full, activeTests });
		expect(seen.offers).toMatchObject({ status: "error", error: { code: "starttls_unavailable" } });
		expect(seen.connections).toBeLessThanOrEqual(3);
	});
});

describe("active tests", () => {
	it("a server in order relays for nobody and forgets what came before TLS", async () => {
		const seen = await look({ accepts: ["example.org"] }, { activeTests });
		const { relay, pipelined, permittedBy } = seen.active.values as ActiveValues;
		expect(relay).toMatchObject({ mailCode: 250, rcptCode: 550, recipient: "relay-test@example.com" });
		expect(pipelined).toEqual({ replyCode: 220, answered: false });
		expect(permittedBy).toBe("owner of the hosts");
		expect(seen.connections).toBe(3);
		expect(seen.commands).toMatchObject({ MAIL: 1, RCPT: 1, RSET: 1 });
		expect(Object.keys(seen.commands)).not.toContain("DATA");
		expect(seen.session.accepted["TLSv1.2"]).toBe(true);
	});

	it("an open relay and a server open to injected commands are seen", async () => {
		const seen = await look({ accepts: ["*"], starttls: "command-injection" }, { activeTests });
		const { relay, pipelined } = seen.active.values as ActiveValues;
		expect(relay?.rcptCode).toBe(250);
		expect(pipelined).toEqual({ replyCode: 220, answered: true });
	});
});

describe("EHLO inside TLS", () => {
	it("shows what is offered there", async () => {
		expect((await look({ keywordsInTls: ["SIZE", "REQUIRETLS"] })).starttls.ehloTls).toEqual(["SIZE", "REQUIRETLS"]);
		expect((await look({ starttls: "absent" })).starttls.ehloTls).toBeNull();
	});
});
