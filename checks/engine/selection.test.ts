import { describe, expect, it } from "vitest";
import type { Derivation } from "../derive/derivation.ts";
import { createSupply, matchesGlob, targetTypesOf } from "./selection.ts";
import { checkMetadata } from "./testing/engine.ts";

const derivation = (id: string, needs: string[], produces: string[], target: Derivation["target"] = "domain"): Derivation => ({
	id,
	target,
	needs,
	produces,
	derive: () => [],
});
const sources = [
	{ target: "domain", produces: ["dns.txt"] },
	{ target: "mx", produces: ["tls.session"] },
	{ target: "records", produces: ["record.baa"] },
] as const;

describe("the supply", () => {
	it("is closed over derivations, each after those it needs, in whatever order they are given", () => {
		const supply = createSupply(sources, [derivation("c", ["derived.b"], ["derived.c"]), derivation("b", ["dns.txt"], ["derived.b"])]);
		expect(supply.derivations("domain").map(({ id }) => id)).toEqual(["b", "c"]);
		expect([...supply.kinds("domain")].sort()).toEqual(["derived.b", "derived.c", "dns.txt"]);
		expect(supply.derivations("mx")).toEqual([]);
		expect([...supply.kinds("account")]).toEqual([]);
	});

	it("lets a domain's derivations see its MX addresses and the records, and no other target's", () => {
		const joined = derivation("joined", ["dns.txt", "tls.session", "record.baa"], ["derived.joined"]);
		expect([...createSupply(sources, [joined]).kinds("domain")]).toContain("derived.joined");
		expect(() => createSupply(sources, [derivation("reverse", ["dns.txt"], ["derived.reverse"], "mx")])).toThrow(/needs nothing supplies: reverse/);
	});

	it("refuses needs that nothing supplies, and circles", () => {
		expect(() => createSupply(sources, [derivation("a", ["no.such"], ["derived.a"])])).toThrow(/nothing supplies: a$/);
		expect(() => createSupply(sources, [derivation("a", ["derived.b"], ["derived.a"]), derivation("b", ["derived.a"], ["derived.b"])])).toThrow(/: a, b$/);
	});

	it("offers a check the targets that supply all its kinds", () => {
		const supply = createSupply([...sources, { target: "plan", produces: ["dns.txt", "tls.session"] }], []);
		expect(targetTypesOf(checkMetadata({ evidence: ["dns.txt"] }), supply)).toEqual(["domain", "plan"]);
		expect(targetTypesOf(checkMetadata({ evidence: ["dns.txt", "tls.session"] }), supply)).toEqual(["plan"]);
		expect(targetTypesOf(checkMetadata({ evidence: ["no.such"] }), supply)).toEqual([]);
	});
});

describe("globs over check ids", () => {
	it.each([
		["smtp.starttls_offered", "smtp.*", true],
		["smtp.starttls_offered", "*", true],
		["smtp.starttls_offered", "*_offered", true],
		["smtp.starttls_offered", "smtp.starttls_offered", true],
		["smtp.starttls_offered", "smtp", false],
		["smtp.starttls_offered", "smtp.starttls", false],
		["smtpx.a", "smtp.*", false],
		["smtpxa", "smtp.a", false],
		["a", "[a]", false],
		["a(b", "a(b", true],
		["a", "", false],
	])("%s and %j: %s", (id, glob, fits) => expect(matchesGlob(id, glob)).toBe(fits));
});
