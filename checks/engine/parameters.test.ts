import { describe, expect, it } from "vitest";
import { effectiveParameters } from "./parameters.ts";
import { checkMetadata } from "./testing/engine.ts";

const check = checkMetadata({
	parameters: {
		days: { default: 30, stricter: "higher", description: "d" },
		limit: { default: 10, stricter: "lower", description: "d" },
		types: { default: ["BOUNCE", "COMPLAINT"], stricter: "superset", description: "d" },
		ports: { default: ["25", "465"], stricter: "subset", description: "d" },
		regions: { default: ["us-east-1"], kind: "declaration", description: "d" },
		shared: { default: false, kind: "declaration", description: "d" },
	},
});
const defaults = { days: 30, limit: 10, types: ["BOUNCE", "COMPLAINT"], ports: ["25", "465"], regions: ["us-east-1"], shared: false };

describe("effective parameters", () => {
	it("are the defaults, and unmentioned, where nothing is set", () => {
		expect(effectiveParameters(check, undefined)).toEqual({ values: defaults, shown: [], problems: [] });
	});

	it.each([
		["days", 31, "stricter", 31],
		["days", 30, "default", 30],
		["days", 29, "looser", 30],
		["limit", 9, "stricter", 9],
		["limit", 11, "looser", 10],
		["types", ["BOUNCE", "COMPLAINT", "REJECT"], "stricter", ["BOUNCE", "COMPLAINT", "REJECT"]],
		["types", ["BOUNCE"], "looser", ["BOUNCE", "COMPLAINT"]],
		["types", ["REJECT"], "looser", ["BOUNCE", "COMPLAINT"]],
		["ports", ["25"], "stricter", ["25"]],
		["ports", [], "stricter", []],
		["ports", ["25", "587"], "looser", ["25", "465"]],
		["regions", ["eu-west-1", "us-east-1"], "declared", ["eu-west-1", "us-east-1"]],
		["shared", true, "declared", true],
	])("%s set to %j is %s and is judged as %j: a looser value is shown and never applied", (name, value, standing, judged) => {
		const { values, shown, problems } = effectiveParameters(check, { [name]: value });
		expect(values).toEqual({ ...defaults, [name]: judged });
		expect(shown.find((one) => one.name === name)).toEqual({ check: check.id, name, value, default: defaults[name as keyof typeof defaults], standing });
		expect(problems).toEqual([]);
	});

	it.each([
		["days", "31", "a number"],
		["days", Number.NaN, "a number"],
		["limit", Number.NEGATIVE_INFINITY, "a number"],
		["days", null, "a number"],
		["types", "BOUNCE", "a list of strings"],
		["types", ["BOUNCE", 1], "a list of strings"],
		["regions", {}, "a list of strings"],
		["shared", "yes", "a boolean"],
	])("%s set to %j is a problem, and the default holds", (name, value, shape) => {
		const { values, problems } = effectiveParameters(check, { [name]: value });
		expect(values).toEqual(defaults);
		expect(problems).toEqual([`parameters.${check.id}.${name}: expected ${shape}`]);
	});

	it("names settings that the check has not", () => {
		expect(effectiveParameters(check, { dayz: 1, constructor: 2 }).problems).toEqual([
			`parameters.${check.id}.dayz: the check has no such parameter`,
			`parameters.${check.id}.constructor: the check has no such parameter`,
		]);
	});
});
