import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Authority, type CertificateSpec, createAuthority, type ServedCertificate } from "../../lab/certificates/authority.ts";
import { configSchema } from "../../model/config.ts";
import type { ResultDocument, ResultItem } from "../../model/result.ts";
import { collect } from "../../pipeline/collect.ts";
import { evaluateBundle } from "../../pipeline/evaluate.ts";
import { verdictsOf } from "../posture/scan-world.ts";
import { built, mailward } from "../smoke/support.ts";
import { freePort } from "../support/free-port.ts";
import { type PostfixHost, startPostfix } from "./mail-servers.ts";
import { type NameServers, type RealZone, startNameServers } from "./name-servers.ts";
import { type PolicyHost, startNginx } from "./policy-hosts.ts";
import { missing, output } from "./programs.ts";

const absent =
	missing(["named", "dnssec-keygen", "dnssec-signzone", "unbound", "postfix", "nginx", "openssl"]) ??
	(process.getuid?.() === 0 ? undefined : "Postfix starts as root only");
if (absent !== undefined) console.log(`a scan of real servers is skipped: ${absent}`);

const zone = "mail.test";
const badZone = "bad.test";
const plainZone = "plain.test";
const tornZone = "torn.test";

/** A domain <name>.mail.test with one MX mx.<name>.mail.test, and what is special about it. */
interface Case {
	name: string;
	zone?: string;
	certificate?: CertificateSpec;
	/** Certificates of strangers behind those of the chain. */
	strangers?: number;
	/** false: no TLS. */
	tls?: boolean;
	postfix?: Record<string, string>;
	/** TLSA records over what is served. */
	tlsa?: (served: ServedCertificate) => string[];
	policy?: Omit<PolicyHost, "address" | "pem"> & { certificate?: CertificateSpec; noHost?: boolean };
	/** Verdicts: check to status or reason. */
	expect: Record<string, string>;
}

const sha256 = (octets: Uint8Array): string => createHash("sha256").update(octets).digest("hex");
const endEntity = (served: ServedCertificate): string[] => [`3 1 1 ${sha256(served.publicKeyInfo)}`];
const good = {
	"smtp.starttls_offered": "pass",
	"smtp.tls_1_2_or_later": "pass",
	"certificate.trusted": "pass",
	"certificate.names_host": "pass",
	"certificate.in_date": "pass",
	"dnssec.domain_validates": "pass",
};
const all = (code: string): Record<string, string> =>
	Object.fromEntries(["smtp.starttls_offered", "smtp.tls_1_2_or_later", "certificate.trusted", "certificate.names_host"].map((check) => [check, code]));
const bodyFor = (host: string): string => `version: STSv1\r\nmode: enforce\r\nmx: ${host}\r\nmax_age: 2592000\r\n`;
const policyOf = (name: string): string => bodyFor(`mx.${name}.${zone}`);
const served = { "mta_sts.policy_served": "pass", "mta_sts.policy_valid": "pass", "mta_sts.policy_host_certificate": "pass", "mta_sts.covers_mx": "pass" };

const cases: Case[] = [
	{
		name: "good",
		tlsa: endEntity,
		policy: { body: policyOf("good") },
		expect: {
			...good,
			...served,
			"mta_sts.enforceable": "pass",
			"mta_sts.policy_plain": "pass",
			"dane.certificate_matches": "pass",
			"dane.path_secure": "pass",
		},
	},
	{ name: "plain", tls: false, expect: { "smtp.starttls_offered": "fail", "certificate.trusted": "starttls_unavailable" } },
	{ name: "hidden", postfix: { smtpd_discard_ehlo_keywords: "starttls" }, expect: { "smtp.starttls_offered": "fail" } },
	{ name: "expired", certificate: { variant: "expired" }, tlsa: endEntity, expect: { "certificate.in_date": "fail", "dane.certificate_matches": "pass" } },
	{
		name: "misnamed",
		certificate: { variant: "wrong-name" },
		policy: { body: policyOf("misnamed") },
		expect: { ...served, "certificate.names_host": "fail", "mta_sts.enforceable": "fail" },
	},
	{
		name: "selfsigned",
		certificate: { variant: "self-signed" },
		tlsa: endEntity,
		expect: { "certificate.trusted": "fail", "dane.certificate_matches": "pass" },
	},
	{ name: "leafonly", certificate: { variant: "incomplete-chain" }, expect: { "certificate.trusted": "fail" } },
	{ name: "stale", tlsa: () => [`3 1 1 ${"ab".repeat(32)}`], expect: { "dane.certificate_matches": "fail", "dane.path_secure": "pass" } },
	{
		name: "anchor",
		certificate: { chain: "with-root" },
		tlsa: ({ chain }) => [`2 0 1 ${sha256(chain.at(-1) ?? Buffer.alloc(0))}`],
		expect: { "dane.certificate_matches": "pass" },
	},
	{ name: "unserved", tlsa: () => [`2 0 0 ${anchorHex()}`], expect: { "dane.certificate_matches": "pass" } },
	{ name: "digestonly", tlsa: () => [`2 0 1 ${sha256(Buffer.from(anchorHex(), "hex"))}`], expect: { "dane.certificate_matches": "fail" } },
	{ name: "webusage", tlsa: (it) => [`1 1 1 ${sha256(it.publicKeyInfo)}`], expect: { "dane.records_usable": "fail" } },
	{
		name: "old",
		postfix: { smtpd_tls_protocols: "TLSv1", smtpd_tls_ciphers: "medium", tls_medium_cipherlist: "ALL:@SECLEVEL=0" },
		expect: { "smtp.starttls_offered": "pass", "smtp.tls_1_2_or_later": "fail" },
	},
	{ name: "deferred", postfix: { smtpd_delay_reject: "no", smtpd_client_restrictions: "defer" }, expect: all("throttled") },
	{ name: "rejected", postfix: { smtpd_delay_reject: "no", smtpd_client_restrictions: "reject" }, expect: all("rejected") },
	{ name: "slow", postfix: { smtpd_delay_reject: "no", smtpd_client_restrictions: "sleep 1, permit" }, expect: good },
	// More certificates than are looked at, and than one TLS record holds.
	{ name: "heavy", strangers: 60, tlsa: endEntity, expect: { ...good, "dane.certificate_matches": "pass" } },
	{ name: "required", postfix: { smtpd_tls_security_level: "encrypt" }, expect: good },
	{ name: "modern", postfix: { smtpd_tls_protocols: ">=TLSv1.3" }, expect: { ...good, "smtp.tls_1_3_supported": "pass" } },
	{
		name: "moved",
		policy: { directives: ["return 301 https://mta-sts.good.mail.test/.well-known/mta-sts.txt;"] },
		expect: { "mta_sts.policy_served": "fail" },
	},
	{ name: "nothing", policy: {}, expect: { "mta_sts.policy_served": "fail" } },
	{ name: "broken", policy: { directives: ["return 503;"] }, expect: { "mta_sts.policy_served": "fail" } },
	{
		name: "markup",
		policy: { body: policyOf("markup"), directives: ["types { }", "default_type text/html;"] },
		expect: { ...served, "mta_sts.policy_plain": "fail" },
	},
	{
		name: "large",
		policy: { body: `${policyOf("large")}${"x: y\r\n".repeat(12_000)}` },
		expect: { "mta_sts.policy_valid": "fail", "mta_sts.covers_mx": "not_applicable" },
	},
	{ name: "fits", policy: { body: `${policyOf("fits")}${"x: y\r\n".repeat(10_000)}` }, expect: served },
	{ name: "weblapsed", policy: { body: policyOf("weblapsed"), certificate: { variant: "expired" } }, expect: { "mta_sts.policy_host_certificate": "fail" } },
	{
		name: "webmisnamed",
		policy: { body: policyOf("webmisnamed"), certificate: { variant: "wrong-name" } },
		expect: { "mta_sts.policy_host_certificate": "fail" },
	},
	{ name: "webself", policy: { body: policyOf("webself"), certificate: { variant: "self-signed" } }, expect: { "mta_sts.policy_host_certificate": "fail" } },
	{
		name: "dripping",
		policy: { body: policyOf("dripping"), directives: ["limit_rate 10;"] },
		expect: { "mta_sts.policy_served": "timeout", "mta_sts.policy_valid": "timeout" },
	},
	{ name: "nohost", policy: { noHost: true }, expect: { "mta_sts.policy_served": "fail" } },
	{ name: "uncovered", policy: { body: bodyFor("mx.elsewhere.test") }, expect: { ...served, "mta_sts.covers_mx": "fail" } },
	{ name: "undated", policy: { body: "version: STSv1\nmode: enforce\nmx: *.undated.mail.test\n" }, expect: { "mta_sts.policy_valid": "fail" } },
	// The resolver gives nothing of this zone away: only what it says unchecked can be judged.
	{
		name: "forged",
		zone: badZone,
		tlsa: endEntity,
		policy: { body: policyOf("forged") },
		expect: { "dnssec.domain_validates": "fail", "dane.path_secure": "servfail", "dane.certificate_matches": "servfail", "mta_sts.policy_served": "servfail" },
	},
	// What is there validates, but nothing can be shown to be absent: whether the host has an IPv6 address too stays open.
	{
		name: "torn",
		zone: tornZone,
		expect: { ...all("pass servfail"), "certificate.in_date": "pass servfail", "dnssec.domain_validates": "fail", "mta_sts.record_published": "servfail" },
	},
	{ name: "unsigned", zone: plainZone, tlsa: endEntity, expect: { ...good, "dnssec.domain_validates": "fail", "dane.path_secure": "fail" } },
];

const include = ["smtp.*", "certificate.*", "dane.*", "dnssec.*", "mta_sts.*", "mx.*"];

let anchorDer = Buffer.alloc(0);
function anchorHex(): string {
	return anchorDer.toString("hex");
}

describe.skipIf(absent !== undefined)("a scan of BIND, Unbound, Postfix and nginx", () => {
	const running: { stop(): Promise<void> }[] = [];
	const postfixCases: Probe[] = [];
	let folder = "";
	let results: ResultItem[] = [];

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "real-mail-"));
		await chmod(folder, 0o755);
		const authority = createAuthority();
		const smtpPort = await freePort();
		const httpsPort = await freePort();
		// The root is no part of what is served.
		anchorDer = Buffer.from(authority.certificate({ chain: "with-root" }, "x.test").chain.at(-1) ?? []);
		const { zones, postfix, nginx } = await world(authority, smtpPort);
		const dnsFolder = join(folder, "dns");
		const mailFolder = join(folder, "mail");
		const webFolder = join(folder, "web");
		for (const each of [dnsFolder, mailFolder, webFolder]) await mkdir(each);
		const names = await startNameServers(dnsFolder, zones);
		running.push({ stop: () => names.close() });
		running.push(await startNginx(webFolder, httpsPort, nginx));
		running.push(await startPostfix(mailFolder, smtpPort, postfix));
		await built();
		const seen = cases.flatMap((each, index) =>
			sessionless.has(each.name) || (each.policy !== undefined && each.certificate === undefined && each.tlsa === undefined)
				? []
				: [{ each, name: each.name, at: `127.0.1.${index + 1}:${smtpPort}` }],
		);
		postfixCases.push(...seen.map((one) => ({ ...one, caFile: join(folder, "ca.pem"), records: one.each.tlsa?.(certificateOf(authority, one.each)) ?? [] })));
		results = await scan(folder, authority, names, { smtp: smtpPort, https: httpsPort });
	});
	afterAll(async () => {
		for (const server of running) await server.stop();
		if (folder !== "") await rm(folder, { recursive: true });
	});

	it.each(cases.map((each) => [each.name, each] as const))("%s", (_, each) => {
		const told = verdictsOf(results, domainOf(each));
		expect(Object.fromEntries(Object.keys(each.expect).map((check) => [check, told[check]]))).toEqual(each.expect);
	});

	it("certificates and TLSA records as OpenSSL says", async () => {
		const judged = await Promise.all(postfixCases.map(async (each) => [each.name, await judgedByOpenssl(each)]));
		const ours = postfixCases.map(({ each, name }) => {
			const told = verdictsOf(results, domainOf(each));
			const checks = ["certificate.trusted", "certificate.names_host", "certificate.in_date"].map((check) => told[check]);
			// Usage 3 looks at neither name nor dates nor trust; without usable records there is nothing to match.
			return [name, { trusted: checks.every((status) => status?.split(" ").at(0) === "pass"), dane: told["dane.certificate_matches"] === "pass" }];
		});
		expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(judged));
	});

	it("the command line as the library says, from a configuration file on", async () => {
		const some = cases.filter(({ name }) => ["good", "stale", "misnamed", "plain", "forged"].includes(name)).map(domainOf);
		const args = ["scan", "--format", "json", "--out", "-", ...some.flatMap((domain) => ["--domain", domain]), ...include.flatMap((glob) => ["--check", glob])];
		const { code, stdout, stderr } = await mailward(args, { cwd: folder, timeoutMs: 60_000 });
		expect(code, stderr).toBe(1);
		const told = (JSON.parse(stdout) as ResultDocument).results;
		for (const domain of some) expect(verdictsOf(told, domain), domain).toEqual(verdictsOf(results, domain));
	}, 60_000);
});

function domainOf({ name, zone: below = zone }: Case): string {
	return `${name}.${below}`;
}

function strangers(authority: Authority, count = 0): string {
	return Array.from({ length: count }, (_, number) => authority.certificate({ chain: "leaf" }, `stranger${number}.test`).chainPem).join("");
}

function certificateOf(authority: Authority, each: Case): ServedCertificate {
	return authority.certificate(each.certificate ?? {}, `mx.${domainOf(each)}`);
}

/** Cases whose server lets no client get as far as a certificate that OpenSSL's defaults would look at, or whose zone nobody can rely on. */
const sessionless = new Set(["plain", "hidden", "old", "deferred", "rejected", "forged"]);

interface Probe {
	each: Case;
	name: string;
	at: string;
	caFile: string;
	records: string[];
}

async function judgedByOpenssl({ each, at, caFile, records }: Probe): Promise<{ trusted: boolean; dane: boolean }> {
	const host = `mx.${domainOf(each)}`;
	const ask = async (...more: string[]): Promise<boolean> => {
		const common = ["s_client", "-starttls", "smtp", "-connect", at, "-servername", host, "-verify_return_error", "-no-CAfile", "-no-CApath", "-no-CAstore"];
		const text = await output("openssl", [...common, ...more], { input: "QUIT\r\n", accept: [1] });
		return /^\s*Verify(?: return code: 0|ication: OK)/m.test(text);
	};
	return {
		trusted: await ask("-verify_hostname", host, "-CAfile", caFile),
		dane: records.length > 0 && (await ask("-dane_tlsa_domain", host, ...records.flatMap((record) => ["-dane_tlsa_rrdata", record]))),
	};
}

async function world(authority: Authority, smtpPort: number): Promise<{ zones: RealZone[]; postfix: PostfixHost[]; nginx: PolicyHost[] }> {
	const lines = new Map<string, string[]>([zone, badZone, plainZone, tornZone].map((name) => [name, []]));
	const postfix: PostfixHost[] = [];
	const nginx: PolicyHost[] = [];
	for (const [index, each] of cases.entries()) {
		const domain = domainOf(each);
		const host = `mx.${domain}`;
		const own = certificateOf(authority, each);
		const address = `127.0.1.${index + 1}`;
		postfix.push({
			address,
			...(each.tls === false ? {} : { pem: own.keyPem + own.chainPem + strangers(authority, each.strangers) }),
			...(each.postfix === undefined ? {} : { options: each.postfix }),
		});
		const records = [`${domain}. MX 10 ${host}.`, `${domain}. TXT "v=spf1 mx -all"`, `_dmarc.${domain}. TXT "v=DMARC1; p=reject"`, `${host}. A ${address}`];
		for (const record of each.tlsa?.(own) ?? []) records.push(`_${smtpPort}._tcp.${host}. TLSA ${record}`);
		const { policy } = each;
		if (policy !== undefined) {
			const policyHost = `mta-sts.${domain}`;
			records.push(`_mta-sts.${domain}. TXT "v=STSv1; id=1;"`);
			if (policy.noHost !== true) records.push(`${policyHost}. A 127.0.2.${index + 1}`);
			const web = authority.certificate(policy.certificate ?? {}, policyHost);
			const { certificate, noHost, ...what } = policy;
			nginx.push({ address: `127.0.2.${index + 1}`, pem: web.keyPem + web.chainPem, ...what });
		}
		lines.get(each.zone ?? zone)?.push(...records);
	}
	const zones: RealZone[] = [
		{ name: "", algorithm: "ECDSAP256SHA256", lines: [] },
		{ name: "test", algorithm: "ECDSAP256SHA256", nsec3: {}, lines: ["ns.root-servers A 127.0.0.1"] },
		{ name: zone, algorithm: "ECDSAP256SHA256", lines: lines.get(zone) ?? [] },
		{ name: badZone, algorithm: "ECDSAP256SHA256", period: ["20200101000000", "20200201000000"], lines: lines.get(badZone) ?? [] },
		{
			name: tornZone,
			algorithm: "ECDSAP256SHA256",
			nsec3: {},
			lines: lines.get(tornZone) ?? [],
			damage: (text) => text.replaceAll(/^.*\s(?:NSEC3|RRSIG\s+NSEC3)\s.*$/gm, ""),
		},
		{ name: plainZone, lines: lines.get(plainZone) ?? [] },
	];
	return { zones, postfix, nginx };
}

async function scan(folder: string, authority: Authority, names: NameServers, ports: { smtp: number; https: number }): Promise<ResultItem[]> {
	const caFile = join(folder, "ca.pem");
	await writeFile(caFile, authority.caPem);
	const network = {
		resolvers: [names.resolver],
		ports: { ...ports, authority: names.authorityPort },
		caFile,
		rootAnchors: names.anchorsFile,
		allowPrivate: true,
		retryWaitMs: 100,
		timeoutMs: { dns: 5000, smtp: 10_000, https: 4000 },
	};
	const file = { version: 1, domains: cases.map((each) => ({ name: domainOf(each) })), network };
	await writeFile(join(folder, "mailward.yaml"), JSON.stringify(file));
	const config = configSchema.parse(file);
	const request = { domains: config.domains, plans: [], records: undefined, content: [], open: (path: string) => path };
	const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
	const signal = new AbortController().signal;
	const out = join(folder, "bundle");
	await collect({ config, request, out, profile: "hipaa", concurrency: 20, now: () => new Date(), signal, progress: () => undefined, log, include });
	return (await evaluateBundle({ dir: out, include })).results;
}
