import { createHash } from "node:crypto";
import type { CollectContext } from "../../checks/collectors/collector.ts";
import dnssec from "../../checks/collectors/dnssec/index.ts";
import { publicKeyInfo } from "../../checks/protocols/certificate/index.ts";
import type { SignedZoneOptions } from "../../checks/protocols/dnssec/testing/sign-zone.ts";
import { signedWorld } from "../../checks/protocols/dnssec/testing/signed-world.ts";
import type { DnsAnswer, RecordType } from "../../checks/protocols/resolver.ts";
import { type Zone, zoneResolver } from "../../checks/protocols/testing/zone-resolver.ts";
import type { Evidence } from "../../model/evidence.ts";
import type { ReasonCode } from "../../model/reasons.ts";
import type { CheckCase } from "./case-file.ts";

type Dns = Record<string, unknown>;

/**
 * What the DNSSEC collector yields when the case's `dns` stands in signed zones. Each name goes to the longest of `signed.zones`
 * that holds it (org, net and example.org are there unless they are listed otherwise), else to the root; delegations and DS records
 * are made. Fault words of `dns` (SERVFAIL, TIMEOUT ...) fail the same question here.
 */
export async function collectSigned(one: CheckCase, dns: Dns, context: CollectContext): Promise<Evidence[]> {
	const signed = one.signed ?? { zones: {}, strip: false, tamper: [], faults: {} };
	const options = { org: {}, net: {}, "example.org": {}, ...signed.zones };
	const now = new Date(one.asOf);
	const faults: Record<string, ReasonCode> = { ...signed.faults };
	const zones = Object.entries(options).map(([name, how]) => ({ name, how, records: {} as Record<string, Record<string, unknown[]>> }));
	zones.push({ name: ".", how: {}, records: {} });
	const plain = zoneResolver(dns as Zone);
	for (const [name, types] of Object.entries(dns)) {
		const holder = zones
			.filter((zone) => zone.name === "." || name === zone.name || name.endsWith(`.${zone.name}`))
			.sort((a, b) => b.name.length - a.name.length)[0];
		const asked = typeof types === "string" ? ["A" as const] : (Object.keys(types as object) as RecordType[]);
		for (const type of asked) {
			const { status, code, answers } = await plain.resolve(name, type);
			if (status === "error") faults[typeof types === "string" ? name : `${type} ${name}`] = code ?? "servfail";
			const own = answers.filter((record) => record.type === type && record.name === name).map((record) => record.data);
			if (holder !== undefined && own.length > 0) holder.records[name] = { ...holder.records[name], [type]: own };
		}
	}
	const world = signedWorld({ now, faults, zones: zones.map((zone) => ({ name: zone.name, records: zone.records, ...zoneOptions(zone.how, now) })) });
	const resolver = world.through((question, answer) => changed(question, answer, signed));
	const anchored: CollectContext = { ...context, resolver, dnssecAnchors: world.anchors };
	const items: Evidence[] = [];
	for await (const item of dnssec.collect({ id: one.domain?.name ?? "example.org", type: "domain" }, anchored)) items.push(item);
	return items;
}

type ZoneHow = NonNullable<CheckCase["signed"]>["zones"][string];

function zoneOptions(how: Partial<ZoneHow>, now: Date): Omit<SignedZoneOptions, "name"> {
	const { days, nsec3, ...same } = how;
	const seconds = Math.floor(now.getTime() / 1000);
	return {
		...same,
		...(nsec3 === undefined ? {} : { nsec3: { iterations: nsec3.iterations, salt: Buffer.from(nsec3.salt, "hex"), optOut: nsec3.optOut } }),
		...(days === undefined ? {} : { inception: seconds - 40 * 86_400, expiration: seconds + days * 86_400 + 3600 }),
	} as Omit<SignedZoneOptions, "name">;
}

function changed(question: string, answer: DnsAnswer, { strip, tamper }: NonNullable<CheckCase["signed"]>): DnsAnswer {
	if (strip) return { ...answer, answers: answer.answers.filter((record) => record.type !== "RRSIG"), authorities: [] };
	if (tamper.includes(question)) {
		for (const record of [...answer.answers, ...(answer.authorities ?? [])]) {
			const data = record.data as { signature?: Buffer };
			if (record.type === "RRSIG" && data.signature !== undefined) data.signature[0] = (data.signature[0] ?? 0) ^ 1;
		}
	}
	return answer;
}

/** The case's dns with the TLSA records of its `tlsa` key: "3 1 1" of the certificate that the case serves for the host, "other 3 1 1" of none. */
export function withTlsa(one: CheckCase, chainOf: (host: string) => Buffer[]): Dns {
	const dns: Dns = { ...one.dns };
	for (const [host, records] of Object.entries(one.tlsa ?? {})) dns[`_25._tcp.${host}`] = { TLSA: records.map((text) => tlsaData(text, chainOf(host))) };
	return dns;
}

function tlsaData(text: string, chain: readonly Buffer[]): Record<string, unknown> {
	const [usage, selector, matchingType] = text.replace(/^\D+/, "").split(" ").map(Number) as [number, number, number];
	const certificate = (usage === 2 || usage === 0 ? chain.at(-1) : chain[0]) ?? Buffer.alloc(0);
	const selected = selector === 1 ? (publicKeyInfo(certificate) ?? certificate) : certificate;
	const own = text.startsWith("other") ? Buffer.from(text) : selected;
	const data =
		matchingType === 0
			? own
			: createHash(matchingType === 2 ? "sha512" : "sha256")
					.update(own)
					.digest();
	return { usage, selector, matchingType, certificate: Buffer.from(data).toString("hex") };
}
