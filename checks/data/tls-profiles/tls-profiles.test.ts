import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { networkConfigSchema } from "../../../model/config.ts";
import { InputError } from "../../../model/source.ts";
import { groupByName, suiteByName } from "../../protocols/tls/index.ts";
import { currentTlsProfile, loadTlsProfiles, parseTlsProfiles } from "./load-tls-profiles.ts";

const shared = join(process.env.MAILWARD_SHARED ?? "../shared", "conformance/mozilla-tls-guidelines");
const missing = !existsSync(shared);
if (missing) console.log(`skipped: ${shared} is not there`);

interface Guideline {
	tls_versions: string[];
	ciphersuites: string[];
	ciphers: { iana: string[] };
	tls_curves: string[];
	certificate_types: string[];
	certificate_curves: string[];
	certificate_signatures: string[];
	rsa_key_size: number | null;
	dh_param_size: number | null;
	maximum_certificate_lifespan: number | null;
}

const sorted = (list: readonly string[]): string[] => [...list].sort();

describe("TLS profiles", () => {
	it("have one current row for every choice of network.tlsProfile", () => {
		for (const id of networkConfigSchema.shape.tlsProfile.unwrap().options) expect(currentTlsProfile(id)?.id).toBe(id);
	});

	it("name suites and groups that exist", () => {
		for (const { id, version, rules } of loadTlsProfiles().profiles) {
			for (const name of [...rules.suites.allowed, ...rules.suites.phaseOut]) expect(suiteByName(name)?.name, `${id} ${version} ${name}`).toBe(name);
			for (const name of [...rules.groups.allowed, ...rules.groups.phaseOut]) expect(groupByName(name)?.name, `${id} ${version} ${name}`).toBe(name);
			expect(rules.suites.allowed.filter((name) => rules.suites.phaseOut.includes(name))).toEqual([]);
		}
	});

	it.skipIf(missing).each(["5.7", "5.8", "6.0"])("follow Mozilla's own data, version %s", (version) => {
		const { configurations } = JSON.parse(readFileSync(join(shared, `${version}.json`), "utf8")) as { configurations: Record<string, Guideline> };
		for (const level of ["modern", "intermediate"]) {
			const guideline = configurations[level] as Guideline;
			const rules = loadTlsProfiles().profiles.find((profile) => profile.id === `mozilla-${level}` && profile.version === version)?.rules;
			expect(rules).toBeDefined();
			if (rules === undefined) continue;
			expect(sorted(rules.versions.allowed)).toEqual(sorted(guideline.tls_versions));
			expect(sorted(rules.suites.allowed)).toEqual(sorted([...guideline.ciphersuites, ...guideline.ciphers.iana]));
			expect(sorted(rules.groups.allowed)).toEqual(sorted(guideline.tls_curves.map((name) => groupByName(name)?.name ?? name)));
			expect(rules.dhBits).toBe(guideline.dh_param_size);
			expect(sorted(rules.certificate.keyTypes)).toEqual(sorted(guideline.certificate_types));
			expect(sorted(rules.certificate.curves)).toEqual(sorted(guideline.certificate_curves));
			expect(sorted(rules.certificate.signatures)).toEqual(sorted(guideline.certificate_signatures));
			expect(rules.certificate.rsaBits).toBe(guideline.rsa_key_size);
			expect(rules.certificate.lifetimeDays).toBe(guideline.maximum_certificate_lifespan);
			expect(rules.suites.phaseOut).toEqual([]);
		}
		console.log(`Mozilla guideline ${version}: 2 profiles, all 10 fields as published`);
	});

	it("of bad data say where", () => {
		const text = 'schema: mailward/tls-profiles/v1\nasOf: "2026-11"\nprofiles:\n  - id: mine\n';
		try {
			parseTlsProfiles(Buffer.from(text), "mine.yaml");
			expect.unreachable();
		} catch (error) {
			expect(error).toBeInstanceOf(InputError);
			expect((error as InputError).problems[0]).toMatchObject({ file: "mine.yaml", line: 4 });
		}
	});
});
