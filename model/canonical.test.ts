import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, evidenceLine, writtenEvidence } from "./canonical.ts";
import type { Evidence } from "./evidence.ts";

const item = (values: unknown): Evidence => ({
	kind: "dns.txt",
	id: "example.org",
	status: "ok",
	values,
	source: { collector: "dns", version: "1", call: "TXT example.org", target: "example.org" },
	collectedAt: "2026-11-24T09:00:00.000Z",
});

describe("canonicalJson", () => {
	it("agrees with the reference implementation of RFC 8785 on any JSON", () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				expect(canonicalJson(value)).toBe(canonicalize(value));
			}),
		);
	});

	it("orders keys that look like indices as text, not as numbers", () => {
		expect(canonicalJson({ b: 1, 9: 2, 10: 3, nested: { 2: 1, 1: 2, a: 3 } })).toBe('{"10":3,"9":2,"b":1,"nested":{"1":2,"2":1,"a":3}}');
	});

	it("leaves undefined members out and refuses numbers without a JSON form", () => {
		expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
		expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
	});
});

describe("evidenceLine", () => {
	it("has a form for lone surrogates, so that no hostile text stops a run", () => {
		const { line } = evidenceLine(item({ text: "a\ud800b", "\udc00": 1 }));
		expect(JSON.parse(line).values).toEqual({ text: "a\ufffdb", "\ufffd": 1 });
	});

	it("keeps the text that merely looks like an escape", () => {
		expect(JSON.parse(evidenceLine(item({ text: "\\ud800" })).line).values).toEqual({ text: "\\ud800" });
	});
});

describe("writtenEvidence", () => {
	it("gives the item as a reader of the line has it, in the order of its keys", () => {
		fc.assert(
			fc.property(fc.oneof(fc.jsonValue(), fc.constantFrom({ 10: 1, b: undefined, 9: 2 }, { odd: "\ud800" }, { "\udc00": 1 })), (values) => {
				const { item: read, ...written } = writtenEvidence(item(values));
				expect(written).toEqual(evidenceLine(item(values)));
				expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(written.line)));
			}),
		);
	});
});
