import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createResolver, signatureResolver } from "../../checks/network/create-resolver.ts";
import { parseAnchors, validateDnssec } from "../../checks/protocols/dnssec/index.ts";
import type { RecordType } from "../../checks/protocols/resolver.ts";
import { networkConfigSchema } from "../../model/config.ts";
import { type NameServers, type RealZone, startNameServers } from "./name-servers.ts";
import { missing, output } from "./programs.ts";

const absent = missing(["named", "dnssec-keygen", "dnssec-signzone", "unbound", "dig", "delv"]);
if (absent !== undefined) console.log(`validation beside Unbound and delv is skipped: ${absent}`);

type Question = readonly [name: string, type: RecordType];

/** What every zone below holds. `other` is a zone that aliases lead to. */
function contents(zone: string, other: string): string[] {
	return [
		"@ MX 10 mx",
		"@ MX 20 MX2.Upper",
		'@ TXT "v=spf1 mx -all"',
		'@ TXT "a token" "in two strings"',
		'@ CAA 0 issue "ca.example"',
		"mx A 192.0.2.10",
		"mx AAAA 2001:db8::10",
		"MX2.Upper A 192.0.2.11",
		"_25._tcp.mx TLSA 3 1 1 0707070707070707070707070707070707070707070707070707070707070707",
		'*.wild TXT "any"',
		"near.wild A 192.0.2.12",
		"a.b.ent A 192.0.2.13",
		`alias CNAME mx.${other}.`,
		"double CNAME alias",
		`dangling CNAME gone.${other}.`,
		"loop CNAME loop",
		"*.cw CNAME mx",
		`moved DNAME ${other}.`,
		"plain NS ns.plain",
		"ns.plain A 127.0.0.1",
		`toplain CNAME mx.plain.${zone}.`,
		`tobad CNAME mx.expired.test.`,
		'_dmarc TXT "v=DMARC1; p=reject"',
	];
}

function questions(zone: string): Question[] {
	const of = (name: string, ...types: RecordType[]): Question[] => types.map((type) => [name === "" ? zone : `${name}.${zone}`, type]);
	return [
		...of("", "MX", "TXT", "SOA", "NS", "DNSKEY", "DS", "CAA", "A", "TLSA"),
		...of("mx", "A", "AAAA", "MX", "DS"),
		...of("mx2.upper", "A", "AAAA"),
		...of("_25._tcp.mx", "TLSA", "TXT"),
		...of("_tcp.mx", "TXT"),
		...of("a.wild", "TXT", "MX"),
		...of("a.b.wild", "TXT"),
		...of("*.wild", "TXT"),
		...of("wild", "TXT"),
		...of("below.near.wild", "TXT"),
		...of("ent", "A"),
		...of("b.ent", "A"),
		...of("x.b.ent", "A"),
		...of("alias", "A", "CNAME", "MX"),
		...of("double", "A", "AAAA"),
		...of("dangling", "A"),
		...of("x.cw", "A", "TXT"),
		...of("mx.moved", "A", "MX"),
		...of("gone.moved", "A"),
		...of("moved", "A"),
		...of("plain", "DS", "A", "MX"),
		...of("mx.plain", "A", "TXT"),
		...of("gone.plain", "A"),
		...of("toplain", "A"),
		...of("tobad", "A"),
		...of("gone", "A", "MX", "TXT"),
		...of("a.b.c.gone", "TXT"),
		...of("_dmarc", "TXT"),
	];
}

const sound: RealZone[] = [
	{ name: "ec.test", algorithm: "ECDSAP256SHA256", lines: contents("ec.test", "rsa.test") },
	{ name: "rsa.test", algorithm: "RSASHA256", nsec3: {}, lines: contents("rsa.test", "ed.test") },
	{ name: "ed.test", algorithm: "ED25519", nsec3: { iterations: 5, salt: "aabb" }, lines: contents("ed.test", "ec.test") },
	{ name: "out.test", algorithm: "ECDSAP384SHA384", nsec3: { optOut: true }, lines: contents("out.test", "ec.test") },
	{ name: "long.test", algorithm: "RSASHA512", lines: contents("long.test", "out.test") },
];
const oneHost = ["@ MX 10 mx", "mx A 192.0.2.20", '@ TXT "v=spf1 -all"', '*.wild TXT "any"'];
const faulty: RealZone[] = [
	{ name: "expired.test", algorithm: "ECDSAP256SHA256", lines: oneHost, period: ["20200101000000", "20200201000000"] },
	{ name: "future.test", algorithm: "ECDSAP256SHA256", lines: oneHost, period: ["20770101000000", "20770201000000"] },
	{ name: "nods.test", algorithm: "ECDSAP256SHA256", lines: oneHost, ds: "none" },
	{ name: "wrongds.test", algorithm: "ECDSAP256SHA256", lines: oneHost, ds: "wrong" },
	{ name: "unknown.test", algorithm: "ECDSAP256SHA256", lines: oneHost, ds: "unknown" },
	{ name: "star.test", algorithm: "ECDSAP256SHA256", nsec3: {}, lines: [...oneHost, '* TXT "anything"', "*.deep MX 5 mx"] },
	{ name: "unsigned.test", lines: [...oneHost, "back CNAME mx.ec.test.", "bad CNAME mx.expired.test."] },
	{ name: "lame.test", lines: [], lame: true },
	{ name: "changed.test", algorithm: "ECDSAP256SHA256", lines: oneHost, damage: (text) => text.replace("192.0.2.20", "192.0.2.66") },
	{ name: "unsignedset.test", algorithm: "ECDSAP256SHA256", lines: oneHost, damage: (text) => withoutLines(text, /\sRRSIG\s+MX\s/) },
	{ name: "nokeysig.test", algorithm: "ECDSAP256SHA256", lines: oneHost, damage: (text) => withoutLines(text, /\sRRSIG\s+DNSKEY\s/) },
	{ name: "nonsec.test", algorithm: "ECDSAP256SHA256", lines: oneHost, damage: (text) => withoutLines(text, /\s(?:NSEC|RRSIG\s+NSEC)\s/) },
	{ name: "nonsec3.test", algorithm: "ECDSAP256SHA256", nsec3: {}, lines: oneHost, damage: (text) => withoutLines(text, /\s(?:NSEC3|RRSIG\s+NSEC3)\s/) },
	{ name: "dear.test", algorithm: "ECDSAP256SHA256", nsec3: { iterations: 150 }, lines: oneHost },
	{ name: "revoked.test", algorithm: "ECDSAP256SHA256", lines: oneHost, revoked: "named" },
	{ name: "retired.test", algorithm: "ECDSAP256SHA256", lines: oneHost, revoked: "unnamed" },
	{ name: "onebad.test", algorithm: "ECDSAP256SHA256", lines: oneHost, damage: withOneBadSignature },
];
const zones: RealZone[] = [
	{ name: "", algorithm: "ECDSAP256SHA256", lines: [] },
	{ name: "test", algorithm: "RSASHA256", nsec3: {}, lines: ["ns.root-servers A 127.0.0.1"] },
	...sound,
	...sound.map(({ name }): RealZone => ({ name: `plain.${name}`, lines: ["mx A 192.0.2.30"] })),
	...faulty,
];

function withoutLines(text: string, pattern: RegExp): string {
	return text
		.split("\n")
		.filter((line) => !pattern.test(line))
		.join("\n");
}

/** A second signature over each MX set, which does not verify, beside the one that does. */
function withOneBadSignature(text: string): string {
	return text.replace(/^.*\sRRSIG\s+MX\s.*$/m, (line) => `${line.replace(/[A-Za-z0-9+/]{8}(?==*\s*$)/, "AAAAAAAA")}\n${line}`);
}

describe.skipIf(absent !== undefined)("validation agrees with Unbound and delv over zones that BIND signed", () => {
	let folder = "";
	let servers: NameServers | undefined;
	const asked: Question[] = [
		...sound.flatMap(({ name }) => questions(name)),
		...faulty
			.filter(({ lame }) => lame !== true)
			.flatMap(({ name }): Question[] => [
				[name, "MX"],
				[name, "TXT"],
				[name, "AAAA"],
				[name, "DNSKEY"],
				[`mx.${name}`, "A"],
				[`mx.${name}`, "AAAA"],
				[`gone.${name}`, "A"],
				[`x.wild.${name}`, "TXT"],
			]),
		["a.star.test", "TXT"],
		["a.b.star.test", "TXT"],
		["a.star.test", "A"],
		["mx.star.test", "TXT"],
		["deep.star.test", "TXT"],
		["x.y.deep.star.test", "MX"],
		["x.y.deep.star.test", "TXT"],
		["back.unsigned.test", "A"],
		["bad.unsigned.test", "A"],
		["nothing.test", "MX"],
		["nothing", "MX"],
		[".", "DNSKEY"],
		["test", "DS"],
	];

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "real-dns-"));
		servers = await startNameServers(folder, zones);
	});
	afterAll(async () => {
		await servers?.close();
		if (folder !== "") await rm(folder, { recursive: true });
	});

	it("question by question as Unbound says", async () => {
		if (servers === undefined) throw new Error("the name servers are not there");
		const judges = await Promise.all([judgedByUnbound(servers, asked), judgedByUs(servers, asked)]);
		const [unbound, ours] = judges;
		const differing = asked.flatMap(([name, type], index) =>
			unbound[index] === ours[index]?.split(" ")[0] ? [] : [`${name} ${type}: Unbound ${unbound[index]}, ours ${ours[index]}`],
		);
		expect(differing).toEqual([]);
	});

	it("a delegation to servers that do not answer leaves everything open", async () => {
		if (servers === undefined) throw new Error("the name servers are not there");
		expect((await judgedByUs(servers, [["lame.test", "MX"]], 400))[0]).toMatch(/^indeterminate (?:timeout|servfail)$/);
	});

	it("for one zone of each kind as delv says", async () => {
		if (servers === undefined) throw new Error("the name servers are not there");
		// delv gives up at the first signature that does not verify, though another one does (RFC 4035 5.3.3 leaves that to local policy).
		const some = asked.filter(
			([name, type]) => name.endsWith("rsa.test") || (type === "MX" && name !== "onebad.test" && faulty.some((zone) => zone.name === name)),
		);
		const [delv, ours] = await Promise.all([judgedByDelv(servers, folder, some), judgedByUs(servers, some)]);
		const differing = some.flatMap(([name, type], index) =>
			delv[index] === ours[index]?.split(" ")[0] ? [] : [`${name} ${type}: delv ${delv[index]}, ours ${ours[index]}`],
		);
		expect(differing).toEqual([]);
	});
});

/** secure: AD is set; bogus: SERVFAIL that goes away with CD; insecure: neither; indeterminate: no answer even with CD. */
async function judgedByUnbound({ resolver }: NameServers, list: readonly Question[]): Promise<string[]> {
	const [address = "", port = ""] = resolver.split(":");
	const heads = async (flag: string): Promise<Map<string, { status: string; flags: string[] }>> => {
		const common = ["-p", port, `@${address}`, "-f", "-", flag, "+noall", "+comments", "+question", "+tries=2", "+time=5"];
		// One dig asks one question after the other, and some wait for servers that are silent.
		const texts = await Promise.all(
			Array.from({ length: parallel }, (_, part) => {
				const input = list.filter((_, index) => index % parallel === part).map(([name, type]) => `${name} ${type}\n`);
				return output("dig", common, { input: input.join(""), accept: [9] });
			}),
		);
		const found = texts.flatMap((text) => [...text.matchAll(/status: (\w+),[\s\S]*?flags: ([a-z ]*);[\s\S]*?QUESTION SECTION:\s*;(\S+)\s+IN\s+(\S+)/g)]);
		return new Map(found.map(([, status = "", flags = "", name = "", type = ""]) => [keyOf([name, type as RecordType]), { status, flags: flags.split(" ") }]));
	};
	const [validated, unchecked] = [await heads("+adflag"), await heads("+cdflag")];
	return list.map((question) => {
		const head = validated.get(keyOf(question));
		if (head?.flags.includes("ad") === true) return "secure";
		if (head !== undefined && head.status !== "SERVFAIL") return "insecure";
		const status = unchecked.get(keyOf(question))?.status;
		return status === undefined || status === "SERVFAIL" ? "indeterminate" : "bogus";
	});
}

const parallel = 8;

/** delv walks the chain itself, and asks the recursive server with CD set. */
async function judgedByDelv({ resolver, anchors }: NameServers, folder: string, list: readonly Question[]): Promise<string[]> {
	const [address = "", port = ""] = resolver.split(":");
	const [, tag, algorithm, digestType, digest = ""] = /DS (\d+) (\d+) (\d+) ([\s\S]*)/.exec(anchors) ?? [];
	const file = join(folder, "delv.anchors");
	await writeFile(file, `trust-anchors { . static-ds ${tag} ${algorithm} ${digestType} "${digest.replace(/\s/g, "")}"; };\n`);
	const verdicts: string[] = [];
	for (let index = 0; index < list.length; index += parallel) {
		const part = list.slice(index, index + parallel).map(async ([name, type]) => {
			const text = await output("delv", ["-p", port, `@${address}`, "-a", file, "+root=.", name, type], { accept: [1, 10] });
			if (/fully validated/.test(text)) return /unsigned answer/.test(text) ? "insecure" : "secure";
			if (/unsigned answer/.test(text)) return "insecure";
			return /resolution failed: (?:SERVFAIL|timed out)/.test(text) ? "indeterminate" : "bogus";
		});
		verdicts.push(...(await Promise.all(part)));
	}
	return verdicts;
}

function keyOf([name, type]: Question): string {
	return `${name === "." ? name : name.replace(/\.$/, "")} ${type}`;
}

async function judgedByUs(servers: NameServers, list: readonly Question[], timeoutMs = 5000): Promise<string[]> {
	const parsed = parseAnchors(servers.anchors);
	if (!parsed.ok) throw new Error(parsed.error.message);
	const resolver = createResolver(networkConfigSchema.parse({ resolvers: [servers.resolver], allowPrivate: true, timeoutMs: { dns: timeoutMs } }));
	try {
		const { anchors } = parsed;
		return await Promise.all(
			list.map(async ([name, type]) => {
				const { security, reason } = await validateDnssec({ name, type, resolver: signatureResolver(resolver), anchors });
				return reason === undefined ? security : `${security} ${reason}`;
			}),
		);
	} finally {
		await resolver.close();
	}
}
