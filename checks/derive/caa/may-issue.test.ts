import { expect, it } from "vitest";
import { governedNames, mayIssue } from "./may-issue.ts";

const names = { plain: ["mx.example.org"], wild: ["*.example.org"], both: ["example.org", "*.example.org"] };

it.each([
	[["ca.example"], [], "plain", true],
	[["ca.example"], [], "wild", true],
	[["other.example"], [], "plain", false],
	[["other.example"], [], "wild", false],
	// issuewild speaks of wildcard names alone, and then issue does not (RFC 8659 4.3).
	[["ca.example"], ["other.example"], "plain", true],
	[["ca.example"], ["other.example"], "wild", false],
	[["ca.example"], ["other.example"], "both", false],
	[["other.example"], ["ca.example"], "plain", false],
	[["other.example"], ["ca.example"], "wild", true],
	[["other.example"], ["ca.example"], "both", false],
	[["ca.example"], ["ca.example"], "both", true],
	[["ca.example"], [""], "wild", false],
	[[""], [], "plain", false],
	[[], [""], "plain", true],
	[[], [""], "wild", false],
	[[], [], "both", true],
] as [string[], string[], keyof typeof names, boolean][])("issue %j, issuewild %j, %s names: %s", (issue, issuewild, kind, expected) => {
	expect(mayIssue({ issue, issuewild }, ["www.ca.example", "ca.example"], names[kind])).toBe(expected);
});

it.each([
	["its own names", ["example.org", "*.mx.example.org"], "example.org", ["example.org", "*.mx.example.org"]],
	["none of another domain", ["mx.example.org", "*.example.net", "badexample.org"], "example.org", ["mx.example.org"]],
	["none above the set", ["mx.example.org", "*.example.org"], "mx.example.org", ["mx.example.org"]],
	["the name it was shown for where it names no other", [], "example.org", ["mx.example.org"]],
	["the name it was shown for where it names strangers", ["example.net"], "example.org", ["mx.example.org"]],
])("a set speaks of %s", (_what, certified, foundAt, expected) => {
	expect(governedNames(certified, "mx.example.org", foundAt)).toEqual(expected);
});
