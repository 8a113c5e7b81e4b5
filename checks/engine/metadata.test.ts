import { describe, expect, it } from "vitest";
import { readMetadata } from "./metadata.ts";

const valid = `# METADATA
# title: Sets require TLS
# description: |
#   Mail goes out in clear text.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-09]
#   reference: [SES-04]
#   evidence: [aws_sesv2_configuration_set]
#   expected: REQUIRE
#   remediation: |
#     Set tls_policy.
package policies.sending.tls_required
`;
const read = (text: string) => readMetadata(text, "f.rego", "sending.tls_required");

describe("metadata of a policy", () => {
	it("is read with its defaults, prose trimmed", () => {
		expect(read(valid)).toEqual({
			id: "sending.tls_required",
			title: "Sets require TLS",
			description: "Mail goes out in clear text.",
			severity: "high",
			controls: ["TEC-09"],
			reference: ["SES-04"],
			evidence: ["aws_sesv2_configuration_set"],
			method: "test",
			expected: "REQUIRE",
			citations: [],
			remediation: "Set tls_policy.",
			parameters: {},
			aliases: [],
		});
	});

	it("takes thresholds, lists and declarations", () => {
		const parameters = `#   parameters:
#     days: {default: 30, stricter: higher, description: d}
#     types: {default: [A], stricter: superset, description: d}
#     regions: {default: [], kind: declaration, description: d}
package policies`;
		expect(read(valid.replace("package policies", parameters)).parameters).toMatchObject({
			days: { default: 30 },
			types: { default: ["A"] },
			regions: { kind: "declaration" },
		});
	});

	it.each([
		["no METADATA block", valid.replace("# METADATA\n", "")],
		["severity", valid.replace("severity: high", "severity: dire")],
		["controls", valid.replace("[TEC-09]", "[]")],
		["controls", valid.replace("[TEC-09]", "[tec9]")],
		["evidence", valid.replace("[aws_sesv2_configuration_set]", "[]")],
		["expected", valid.replace("#   expected: REQUIRE\n", "")],
		["scope", valid.replace("scope: package", "scope: rule")],
		["colour", valid.replace("#   severity: high", "#   severity: high\n#   colour: red")],
		["owner", valid.replace("# scope: package", "# scope: package\n# owner: us")],
		["parameters", valid.replace("package policies", "#   parameters: {days: {default: 30, stricter: sideways, description: d}}\npackage policies")],
		["parameters", valid.replace("package policies", "#   parameters: {days: {default: 30, kind: declaration, description: d}}\npackage policies")],
	])("names %s where it is wrong, with the file", (what, text) => {
		expect(() => read(text)).toThrow(what);
		expect(() => read(text)).toThrow(/^f\.rego: /);
	});
});
