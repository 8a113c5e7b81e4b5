import { stringify } from "yaml";
import type { Scaffold } from "./names.ts";
import { words } from "./names.ts";

export interface CheckTemplate {
	area: string;
	name: string;
	/** The kind that the results are about. */
	kind: string;
	/** Dotted path of the value that is judged, and the one that passes. */
	path: string;
	value: string;
	control: string;
}

/** A working check: the value at a path is the wanted one. It passes, fails, and says when it could not look. */
export function checkScaffold({ area, name, kind, path, value, control }: CheckTemplate): Scaffold {
	const folder = `checks/policies/${area}/${name}`;
	const rego = `# METADATA
# title: ${words(name)}
# description: What goes wrong when ${path} is not ${value}, in one or two sentences.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [${control}]
#   reference: []
#   evidence: [${kind}]
#   expected: ${JSON.stringify(value)}
#   remediation: Set ${path} to ${value}.
package policies.${area}.${name}

import data.policies.lib.evidence

resources contains item if some item in evidence.of("${kind}")

deny contains evidence.finding(item, "${path}", "the value is not the one that is wanted") if {
	some item in resources
	not _as_wanted(item)
}

_as_wanted(item) if evidence.at(item, "${path}") == ${JSON.stringify(value)}
`;
	const seen = (id: string, at: unknown) => ({ kind, id, status: "ok", values: nested(path, at) });
	const denied = { kind, id: "a", status: "error", error: { code: "permission_denied", detail: `read ${kind}`, message: "denied" } };
	const cases = [
		{ name: `${value} passes`, evidence: [seen("a", value)], expect: { status: "pass", resources: ["a"] } },
		{
			name: "another value fails",
			evidence: [seen("a", `not ${value}`), seen("b", value)],
			expect: { status: "fail", resources: ["a"], path, observed: `not ${value}` },
		},
		{ name: "no value fails", evidence: [{ kind, id: "a", status: "ok", values: {} }], expect: { status: "fail", resources: ["a"] } },
		{ name: "the call was denied", evidence: [denied], expect: { status: "not_assessed", reason: "permission_denied", resources: ["a"] } },
		{ name: "there is none", evidence: [], expect: { status: "not_applicable" } },
	];
	return {
		files: [
			{ path: `${folder}/${name}.rego`, text: rego },
			{ path: `${folder}/${name}.cases.yaml`, text: stringify(cases, { lineWidth: 0 }) },
		],
		next: [
			`say in ${folder}/${name}.rego what the check is about: title, description, severity, controls, remediation, and the rule itself`,
			"npm run policies (compiles the wasm; needs OPA or Go)",
			`npm test -- test/cases.test.ts test/meta.test.ts -t ${area}.${name}`,
			"npm run generate (writes docs/checks)",
			"npm run lint",
		],
	};
}

function nested(path: string, value: unknown): unknown {
	let made = value;
	for (const key of path.split(".").reverse()) made = { [key]: made };
	return made;
}
