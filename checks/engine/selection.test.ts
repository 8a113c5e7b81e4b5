import { describe, expect, it } from "vitest";
import type { Derivation } from "../derive/derivation.ts";
import { createSupply, matchesGlob, targetsOf, targetTypesOf } from "./selection.ts";
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

describe("what is global in an account", () => {
	const global = ["aws_iam_user", "aws_iam_role"];
	const supply = createSupply(
		[{ target: "account", produces: [...global, "aws_sns_topic"], global }],
		[
			derivation("users", ["aws_iam_user"], ["derived.user"], "account"),
			{ ...derivation("roles", ["aws_iam_role"], ["derived.role"], "account"), uses: ["aws_sns_topic"] },
		],
	);
	const targets = ["1/us-east-1", "1/eu-west-1", "2/us-east-1"].map((id) => ({ id, type: "account" as const }));
	const judgedOn = (evidence: string[]) => targetsOf(checkMetadata({ evidence }), targets, supply).map((target) => target.id);

	it("is judged on the first Region of each account alone, derived or not", () => {
		expect(judgedOn(["aws_iam_user"])).toEqual(["1/us-east-1", "2/us-east-1"]);
		expect(judgedOn(["derived.user", "aws_iam_role"])).toEqual(["1/us-east-1", "2/us-east-1"]);
	});

	it("is judged in each Region as soon as anything of a Region goes into it", () => {
		expect(judgedOn(["aws_sns_topic"])).toHaveLength(3);
		expect(judgedOn(["aws_iam_user", "aws_sns_topic"])).toHaveLength(3);
		expect(judgedOn(["derived.role"])).toHaveLength(3);
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
