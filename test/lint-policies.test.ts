import { describe, expect, it } from "vitest";
import { lintPolicy, wrapFindings } from "../scripts/lint-policies.ts";
import { asCall, splitTop } from "../scripts/rego-text.ts";

const metadata = (over: Record<string, string> = {}) => {
	const field = { title: "Sets require TLS", description: "Mail goes out in clear text.", expected: "REQUIRE", remediation: "Set tls_policy.", ...over };
	return `# METADATA
# title: ${field.title}
# description: ${field.description}
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-09]
#   reference: [SES-04]
#   evidence: [aws_sesv2_configuration_set]
#   expected: ${field.expected}
#   remediation: ${field.remediation}
`;
};
const rules = (body: string) => `${metadata()}package policies.area.name

import data.policies.lib.evidence

${body}
`;
const lint = (body: string) => lintPolicy(rules(body), "checks/policies/area/name/name.rego", "area.name").map((one) => one.message);
const finding = (options: string, more = "") => `deny contains evidence.finding_with(
	set, "a", "why",
	${options},
) if {
	some set in resources
	set.read.by.body
	not _ok(set)
}
${more}`;

describe("options of a finding", () => {
	it.each([
		'{"severity": "low"}',
		'{"observed": evidence.shown(set, "a.b")}',
		'{"observed": [x | some x in set.list], "restsOn": []}',
		'{"expected": sprintf("%d %s", [input.parameters.days, evidence.shown(set, "a")])}',
		'{"observed": sort([type | some type in _published(set)])}',
		'{"observed": object.get(set, "a", "none")}',
		'{"observed": set.read.by}',
		'{"observed": {"a": 1, "b": [evidence.shown(set, "c")]}}',
	])("may be %s", (options) => expect(lint(finding(options))).toEqual([]));

	it.each([
		'{"observed": set.other}',
		'{"observed": [set.other]}',
		'{"observed": sprintf("%d", [set.other])}',
		'{"observed": object.get(set, "a", set.other)}',
		'{"observed": object.get(set.other, "a", 1)}',
		'{"observed": array.slice(set.other, 0, 10)}',
		'{"observed": _nowhere(set)}',
		'{"observed": time.now_ns()}',
	])("may not be %s, which may be undefined", (options) => {
		const found = lint(finding(options));
		expect(found).toHaveLength(1);
		expect(found[0]).toMatch(/may be undefined, which would undo the denial/);
	});

	it("must be written out", () => expect(lint(finding("more"))[0]).toMatch(/must be written out as an object/));

	it.each([
		['_seen(set) := set.a if set.a\n\nelse := "none"', true],
		['_seen(set) := set.a if {\n\tset.a\n} else := "none"', true],
		['default _seen(_) := "none"\n\n_seen(set) := set.a if set.a', true],
		["_seen(set) := [x | some x in set.list]", true],
		["_seen(set) := set.a if set.a\n\nelse := set.b", false],
		['_seen(set) := "x" if set.a\n\n_seen(set) := "y" if not set.a', false],
		["_seen(set) := set.a", false],
	])("may be a local function that always answers: %s", (definition, isAdmitted) => {
		const found = lint(finding('{"observed": _seen(set)}', `\n${definition}\n`));
		expect(found.length === 0, found.join("; ")).toBe(isAdmitted);
	});

	it("are no more free in the message and the path", () => {
		expect(lint('deny contains evidence.finding(set, "a", set.why) if {\n\tsome set in resources\n\tnot _ok(set)\n}')[0]).toMatch(/the message of a finding/);
		expect(lint('deny contains evidence.finding(set, set.path, "why") if {\n\tsome set in resources\n}')[0]).toMatch(/the path of a finding/);
	});

	it("are not taken for read where the body only negates them", () => {
		expect(lint('deny contains evidence.finding_with(set, "a", "why", {"observed": set.b}) if {\n\tsome set in resources\n\tnot set.b\n}')).toHaveLength(1);
	});
});

describe("comparisons by size", () => {
	it.each(["count(set.a) > 0", "count(set.a) + count(set.b) > 0", "count(a) >= count({x | some x in a})", "is_number(days)\n\tdays <= 10"])(
		"admits %s",
		(line) => expect(lint(`_ok(set) if {\n\t${line}\n}`)).toEqual([]),
	);

	it.each(["set.days <= 10", "10 < set.days", "days > 3", "set.a >= input.parameters.a", 'object.get(set, "a", 0) > 1'])("refuses %s", (line) => {
		for (const body of [`_ok(set) if {\n\t${line}\n}`, `_ok(set) if ${line}`]) expect(lint(body)[0], body).toMatch(/may be no number/);
	});

	it("are free in the library alone, and text is no comparison", () => {
		const text = "package policies.lib.evidence\n\nabove(a, b) if a.x > b\n";
		expect(lintPolicy(text, "checks/policies/lib/evidence.rego", undefined)).toEqual([]);
		expect(lint('_message(set) := "a > b"\n\n# a < b')).toEqual([]);
	});
});

describe("form", () => {
	it("names the line of a rule that is too wide, tabs counted as four", () => {
		const text = rules(`_ok(set) if {\n\tset.a == "${"x".repeat(110)}"\n}`);
		const [problem] = lintPolicy(text, "f.rego", "area.name");
		expect(problem?.message).toMatch(/columns wide; the limit is 120/);
		expect(text.split("\n")[(problem?.line ?? 0) - 1]).toContain("xxx");
	});

	it.each(["title", "description", "expected", "remediation"])("keeps ids out of the %s", (field) => {
		const text = (prose: string) => `${metadata({ [field]: prose })}package policies.area.name\n`;
		expect(lintPolicy(text("Meets TEC-09 at last"), "f.rego", "area.name")[0]?.message).toMatch(new RegExp(`${field} carries the id TEC-09`));
		expect(lintPolicy(text("Uses SHA-256, TLS-1 and AES-128"), "f.rego", "area.name")).toEqual([]);
	});

	it("keeps ids out of messages", () => expect(lint('_message(set) := "see SES-04"')[0]).toMatch(/a message carries the id SES-04/));

	it("reports metadata that the engine would refuse", () => {
		expect(lintPolicy(rules("").replace("severity: high", "severity: dire"), "f.rego", "area.name")[0]?.message).toMatch(/METADATA/);
		expect(lintPolicy("package policies.area.name\n", "f.rego", "area.name")[0]?.message).toMatch(/no METADATA block/);
	});
});

describe("wrapping", () => {
	const long = "x".repeat(100);

	it("opens the options where the rest fits, else every argument; what fits and what is wrapped stays", () => {
		const short = 'deny contains evidence.finding(set, "a", "why") if {';
		const options = `deny contains evidence.finding_with(set, "a", "why", {"observed": f("a, b", ["${long}"]), "severity": "low"}) if {`;
		const message = `deny contains evidence.finding_with(set, "a", "${long}", {"severity": "low"}) if {`;
		const plain = `deny contains evidence.finding(set, "a", "${long}") if {`;
		const wrapped = wrapFindings([short, options, message, plain].join("\n"));
		expect(wrapped).toBe(`${short}
deny contains evidence.finding_with(set, "a", "why", {
	"observed": f("a, b", ["${long}"]),
	"severity": "low",
}) if {
deny contains evidence.finding_with(
	set,
	"a",
	"${long}",
	{
		"severity": "low",
	},
) if {
deny contains evidence.finding(
	set,
	"a",
	"${long}",
) if {`);
		expect(wrapFindings(wrapped)).toBe(wrapped);
	});
});

describe("reading Rego", () => {
	it("splits where no bracket and no string stands", () => {
		expect(splitTop('a, f(b, c), "d, e", [g, h],', ",")).toEqual(["a", "f(b, c)", '"d, e"', "[g, h]"]);
		expect(splitTop('x | some x in "a|b"', "|")).toEqual(["x", 'some x in "a|b"']);
	});

	it("takes a whole call and nothing less", () => {
		expect(asCall('sprintf("%s)", [a])')).toMatchObject({ name: "sprintf", args: ['"%s)"', "[a]"] });
		expect(asCall("f(a).b")).toBeUndefined();
		expect(asCall("a.b")).toBeUndefined();
	});
});

describe("a negated call", () => {
	const body = (line: string) => `deny contains evidence.finding(set, "a", "why") if {
	some set in resources
	${line}
}
`;
	it.each(["not _ok(set)", 'not evidence.is_set(set, "a")', 'is_string(set.a)\n\tnot endswith(set.a, "x")', 'not startswith(object.get(set, "a", ""), "x")'])(
		"may be %s",
		(line) => expect(lint(body(line))).toEqual([]),
	);
	it.each(["not is_array(set.a)", 'not endswith(set.a, "x")', 'not contains(set["a"], "x")'])("may not be %s, which may be undefined", (line) => {
		expect(lint(body(line))).toEqual([expect.stringContaining('under "not"')]);
	});
});
