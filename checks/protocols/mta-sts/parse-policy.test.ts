import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMtaStsPolicy } from "./parse-policy.ts";

const lines = ["version: STSv1", "mode: enforce", "mx: mail.example.com", "mx: *.example.net", "mx: backupmx.example.com", "max_age: 604800"];
const policy = { mode: "enforce", maxAgeSeconds: 604800, mx: ["mail.example.com", "*.example.net", "backupmx.example.com"] };

function withLines(change: (list: string[]) => string[], end = "\n"): string {
	return change([...lines]).join(end);
}

describe("parseMtaStsPolicy (RFC 8461 3.2)", () => {
	it("reads LF, CRLF and mixed lines, last line ended or not, text or octets", () => {
		for (const body of [
			`${lines.join("\n")}\n`,
			lines.join("\n"),
			`${lines.join("\r\n")}\r\n`,
			lines.join("\r\n"),
			`${lines.slice(0, 2).join("\n")}\n${lines.slice(2).join("\r\n")}`,
		]) {
			expect(parseMtaStsPolicy(body)).toEqual({ valid: true, policy });
			expect(parseMtaStsPolicy(Buffer.from(body))).toEqual({ valid: true, policy });
		}
	});

	it("takes white space after the colon and at the end of a line, none at all too", () => {
		expect(parseMtaStsPolicy("version:STSv1\nmode:\t none \nmax_age:0\t")).toEqual({ valid: true, policy: { mode: "none", maxAgeSeconds: 0, mx: [] } });
	});

	it("ignores unknown keys, also with colons and UTF-8 in the value", () => {
		expect(parseMtaStsPolicy(withLines((list) => [...list, "x-note: see https://example.com: now", "note: Größe, 日本"]))).toEqual({ valid: true, policy });
		expect(parseMtaStsPolicy(Buffer.from(withLines((list) => ["note: Größe", ...list])))).toEqual({ valid: true, policy });
		expect(parseMtaStsPolicy(withLines((list) => [...list, "Mode: none", "MX: other.example"]))).toEqual({ valid: true, policy });
	});

	it("lets the first of a repeated key win, whatever the later ones say", () => {
		expect(parseMtaStsPolicy(withLines((list) => [...list, "mode: none", "max_age: 1", "version: STSv2", "mode: bogus", "max_age: x"]))).toEqual({
			valid: true,
			policy,
		});
		expect(parseMtaStsPolicy(withLines((list) => ["mode: bogus", ...list]))).toMatchObject({ valid: false, error: expect.stringContaining("mode is") });
		expect(parseMtaStsPolicy(withLines((list) => ["version: STSv2", ...list]))).toMatchObject({ valid: false });
	});

	it("needs version, mode, max_age, and mx unless the mode is none", () => {
		for (const key of ["version", "mode", "max_age", "mx"]) {
			const body = withLines((list) => list.filter((line) => !line.startsWith(`${key}:`)));
			expect(parseMtaStsPolicy(body), key).toEqual({ valid: false, error: `${key} is missing` });
		}
		expect(parseMtaStsPolicy("version: STSv1\nmode: none\nmax_age: 86400").valid).toBe(true);
		expect(parseMtaStsPolicy("version: STSv1\nmode: testing\nmax_age: 86400").valid).toBe(false);
		expect(parseMtaStsPolicy("")).toEqual({ valid: false, error: "line 1: empty line" });
	});

	it.each([
		["0", 0],
		["31557600", 31_557_600],
		["0000604800", 604_800],
		["31557601", undefined],
		["9999999999", undefined],
		["00000604800", undefined],
		["", undefined],
		["-1", undefined],
		["1e3", undefined],
		["604800s", undefined],
		["6 04800", undefined],
		["٣", undefined],
	])("max_age %j: %s", (value, seconds) => {
		const parsed = parseMtaStsPolicy(withLines((list) => [...list.slice(0, 5), `max_age: ${value}`]));
		expect(parsed.policy?.maxAgeSeconds).toBe(seconds);
		expect(parsed.valid).toBe(seconds !== undefined);
	});

	it.each([
		["mail.example.com", true],
		["MAIL.example.com", true],
		["*.example.com", true],
		["*.com", true],
		["xn--bcher-kva.example", true],
		[`${"a".repeat(63)}.example`, true],
		[`${"a".repeat(64)}.example`, false],
		[`${"a.".repeat(150)}example`, false],
		["mail.example.com.", false],
		[".example.com", false],
		["*", false],
		["*.", false],
		["*mail.example.com", false],
		["mail.*.example.com", false],
		["*.*.example.com", false],
		["-mail.example.com", false],
		["mail-.example.com", false],
		["ma_il.example.com", false],
		["bücher.example", false],
		["mail.example.com mail2.example.com", false],
		["[192.0.2.1]", false],
		["mail..example.com", false],
	])("mx %j: %s", (pattern, valid) => {
		expect(parseMtaStsPolicy(withLines((list) => [...list, `mx: ${pattern}`])).valid).toBe(valid);
	});

	it.each([
		["a blank line", withLines((list) => [...list.slice(0, 2), "", ...list.slice(2)])],
		["two ends after the last line", `${lines.join("\n")}\n\n`],
		["white space before a key", withLines((list) => [` ${list[0]}`, ...list.slice(1)])],
		["white space before the colon", withLines((list) => list.map((line) => line.replace(":", " :")))],
		["lone CR as line end", lines.join("\r")],
		["NUL in a value", withLines((list) => [...list, "x: a\0b"])],
		["a key without a colon", withLines((list) => [...list, "enforce"])],
		["a key without a value", withLines((list) => [...list, "x:"])],
		["a key of 33 characters", withLines((list) => [...list, `${"x".repeat(33)}: 1`])],
		["a key that begins with a hyphen", withLines((list) => [...list, "-x: 1"])],
		["a comment", withLines((list) => ["# policy", ...list])],
		["a byte-order mark", `\ufeff${lines.join("\n")}`],
		["mode in another case", withLines((list) => list.map((line) => line.replace("enforce", "Enforce")))],
		["version in another case", withLines((list) => list.map((line) => line.replace("STSv1", "stsv1")))],
		["markup", "<!DOCTYPE html><html><body>version: STSv1</body></html>"],
		["no text at all", "\n"],
		["more than 64 KiB", `${lines.join("\n")}\nx: ${"a".repeat(65_536)}`],
	])("refuses %s", (_, body) => {
		expect(parseMtaStsPolicy(body)).toMatchObject({ valid: false, error: expect.any(String) });
		expect(parseMtaStsPolicy(Buffer.from(body)).valid).toBe(false);
	});

	it("refuses octets that are not UTF-8, and takes exactly 64 KiB", () => {
		expect(parseMtaStsPolicy(Buffer.concat([Buffer.from(`${lines.join("\n")}\nx: `), Buffer.from([0xe9])]))).toEqual({
			valid: false,
			error: "the policy is not UTF-8",
		});
		const head = `${lines.join("\n")}\nx: `;
		expect(parseMtaStsPolicy(Buffer.from(head + "a".repeat(65_536 - head.length))).valid).toBe(true);
		expect(parseMtaStsPolicy(Buffer.from(head + "a".repeat(65_537 - head.length))).valid).toBe(false);
	});

	it("takes any octets, in linear time", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
				const parsed = parseMtaStsPolicy(octets);
				expect(parsed.valid).toBe(parsed.policy !== undefined);
			}),
		);
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), fc.nat(lines.length), (text, place) => {
				const parsed = parseMtaStsPolicy(withLines((list) => [...list.slice(0, place), text, ...list.slice(place)]));
				expect(parsed.valid).toBe(parsed.error === undefined);
			}),
		);
		const start = performance.now();
		for (const filler of [" ", "\t", "\n", ":", "a:\n", "mx: a\n", "x: b\n", "*."]) parseMtaStsPolicy(`version:${filler.repeat(60_000 / filler.length)}`);
		expect(performance.now() - start).toBeLessThan(500);
	});

	it("does not mind the order of the lines", () => {
		fc.assert(
			fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (shuffled) => {
				const parsed = parseMtaStsPolicy(shuffled.join("\r\n"));
				expect({ ...parsed.policy, mx: parsed.policy?.mx.toSorted() }).toEqual({ ...policy, mx: policy.mx.toSorted() });
			}),
		);
	});
});
