import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePolicies, effectivePolicies } from "./effective-policies.ts";
import { isDmarcText, parseDmarc } from "./parse-dmarc.ts";

const codes = (text: string) => parseDmarc(text).issues.map((issue) => `${issue.code} ${issue.tag}`.trim());

describe("version", () => {
	it.each([
		"v=DMARC1; p=reject",
		"v=DMARC1;p=reject;",
		"v = DMARC1 ; p = reject ;",
		"v\t=\tDMARC1\t;\tp=reject",
		"v=DMARC1; rua=mailto:d@example.org; p=reject",
	])("accepts %j", (text) => {
		const record = parseDmarc(text);
		expect(record).toMatchObject({ valid: true, identified: true, policy: "reject", warnings: [], errors: [] });
		expect(record.tags).toMatchObject({ v: "DMARC1", p: "reject" });
	});

	it.each([
		"",
		";",
		"v=DMARC1 p=reject",
		"v=DMARC1p=reject",
		"v=DMARC10; p=reject",
		"v=DMARC; p=reject",
		"v=dmarc1; p=reject",
		"v=DMARC1\r; p=reject",
		"v=DMARC1\0; p=reject",
		" v=DMARC1; p=reject",
		"p=reject; v=DMARC1",
		"V=DMARC1; p=reject",
		"v=spf1 -all",
		"\u00efv=DMARC1; p=reject",
		"DMARC1; p=reject",
	])("ignores the whole of %j", (text) => {
		const record = parseDmarc(text);
		expect(record).toMatchObject({ valid: false, identified: false, tags: {} });
		expect(record.policy).toBeUndefined();
		expect(record.errors).toHaveLength(1);
		expect(isDmarcText(text)).toBe(false);
	});
});

describe("policies", () => {
	it("compares values without regard to case", () => {
		expect(parseDmarc("v=DMARC1; p=ReJeCt; sp=QUARANTINE; t=Y; psd=N; adkim=S; aspf=S")).toMatchObject({
			policy: "reject",
			sp: "quarantine",
			testing: true,
			psd: "n",
			adkim: "s",
			aspf: "s",
			tags: { p: "ReJeCt" },
			warnings: [],
		});
	});

	it.each(["n", "rej", "rejec", "rejected", "reject,", "none reject", "block"])("never takes p=%s for a policy", (value) => {
		const without = parseDmarc(`v=DMARC1; p=${value}`);
		expect(without).toMatchObject({ valid: false, identified: true });
		expect(without.policy).toBeUndefined();
		const withRua = parseDmarc(`v=DMARC1; p=${value}; rua=mailto:d@example.org`);
		expect(withRua).toMatchObject({ valid: true, policy: "none", actsAsNone: true, errors: [] });
	});

	it.each([
		["a missing p", "v=DMARC1; sp=reject"],
		["a bad sp", "v=DMARC1; p=reject; sp=all"],
		["a bad np", "v=DMARC1; p=reject; np=all"],
		["an empty sp", "v=DMARC1; p=reject; sp="],
		["a repeated p", "v=DMARC1; p=reject; p=none"],
		["8-bit octets in p", "v=DMARC1; p=rej\u00e9ct"],
		["a NUL in p", "v=DMARC1; p=reject\0"],
	])("%s acts as none with a valid rua and is no DMARC without", (_, text) => {
		expect(parseDmarc(text)).toMatchObject({ valid: false });
		expect(parseDmarc(text).policy).toBeUndefined();
		expect(parseDmarc(text).errors.length).toBeGreaterThan(0);
		expect(parseDmarc(`${text}; rua=dmarc@example.org`)).toMatchObject({ valid: false });
		const record = parseDmarc(`${text}; rua=nonsense,mailto:d@example.org`);
		expect(record).toMatchObject({ valid: true, policy: "none", actsAsNone: true });
		expect(effectivePolicies(record)).toMatchObject({ domain: { effective: "none" }, subdomain: { effective: "none" }, nonexistent: { effective: "none" } });
	});

	it("lets a later syntax error cost its tag only", () => {
		const record = parseDmarc("v=DMARC1; p=reject; adkim=x; aspf=ss; psd=maybe; t=yes; fo=0:1; ;; rubbish; =x; 1a=b; sp");
		expect(record).toMatchObject({ valid: true, policy: "reject", adkim: "r", aspf: "r", psd: "u", testing: false, fo: ["0"], errors: [] });
		expect(record.sp).toBeUndefined();
		expect(record.warnings.length).toBe(record.issues.length);
		expect(record.issues.length).toBeGreaterThanOrEqual(9);
	});

	it("ignores unknown tags with a warning, whatever their name", () => {
		const record = parseDmarc("v=DMARC1; p=reject; future=1; constructor=x; toString=y; P=none");
		expect(record).toMatchObject({ valid: true, policy: "reject", errors: [] });
		expect(record.issues.map((issue) => issue.code)).toEqual(["unknown_tag", "unknown_tag", "unknown_tag", "unknown_tag"]);
		expect(Object.hasOwn(record.tags, "constructor")).toBe(true);
		expect(record.warnings.at(-1)).toContain("case-sensitive");
	});

	it("warns of historic tags and never lets pct change the policy", () => {
		for (const pct of ["0", "10", "100", "x"]) {
			const record = parseDmarc(`v=DMARC1; p=reject; pct=${pct}; rf=afrf; ri=86400; rua=mailto:d@example.org!10m`);
			expect(record).toMatchObject({ valid: true, policy: "reject" });
			expect(effectivePolicies(record)?.domain).toEqual({ policy: "reject", effective: "reject" });
			expect(record.issues.filter((issue) => issue.code === "historic").map((issue) => issue.tag)).toEqual(["pct", "rf", "ri", "rua"]);
			expect(record.rua).toMatchObject([{ valid: true, sizeSuffix: "10m", host: "example.org", text: "mailto:d@example.org" }]);
		}
	});

	it("treats a repeated tag as unreadable", () => {
		expect(parseDmarc("v=DMARC1; p=reject; adkim=s; adkim=s").adkim).toBe("r");
		expect(parseDmarc("v=DMARC1; p=reject; rua=mailto:a@example.org; rua=mailto:b@example.org").rua).toEqual([]);
		expect(codes("v=DMARC1; v=DMARC1; p=reject")).toEqual(["repeated v"]);
	});
});

describe("failure options", () => {
	it.each([
		["0", ["0"]],
		["1", ["1"]],
		["d:s", ["d", "s"]],
		["1:D : s", ["1", "d", "s"]],
		["0:d", ["0", "d"]],
		["0:1", ["0"]],
		["d:d", ["0"]],
		["", ["0"]],
		["x", ["0"]],
		["1,d", ["0"]],
		["1:", ["0"]],
	])("fo=%s", (value, expected) => {
		expect(parseDmarc(`v=DMARC1; p=none; fo=${value}; ruf=mailto:f@example.org`).fo).toEqual(expected);
	});

	it("has no effect without ruf", () => {
		expect(parseDmarc("v=DMARC1; p=none; fo=1").fo).toEqual(["0"]);
		expect(codes("v=DMARC1; p=none; fo=1")).toEqual(["no_effect fo"]);
	});
});

describe("effective policies", () => {
	it.each([
		["p=reject", "reject", "reject", "reject"],
		["p=none; np=reject", "none", "none", "reject"],
		["p=reject; sp=none", "reject", "none", "none"],
		["p=reject; sp=none; np=quarantine", "reject", "none", "quarantine"],
		["p=reject; sp=reject; np=quarantine; t=y", "quarantine", "quarantine", "none"],
		["p=none; t=y", "none", "none", "none"],
	])("%s", (tags, domain, subdomain, nonexistent) => {
		const policies = effectivePolicies(parseDmarc(`v=DMARC1; ${tags}`));
		expect([policies?.domain.effective, policies?.subdomain.effective, policies?.nonexistent.effective]).toEqual([domain, subdomain, nonexistent]);
	});

	it("are undefined without DMARC, and can be ordered", () => {
		expect(effectivePolicies(parseDmarc("v=DMARC1"))).toBeUndefined();
		expect(comparePolicies("none", "reject")).toBeLessThan(0);
		expect(comparePolicies("reject", "quarantine")).toBeGreaterThan(0);
		expect(comparePolicies("none", "none")).toBe(0);
	});
});

describe("any input", () => {
	/** dmarc-record of RFC 9989 section 4.8, without the rules for each tag. */
	const abnf =
		/^v[ \t]*=[ \t]*DMARC1(?:[ \t]*;[ \t]*[A-Za-z]+[ \t]*=[ \t]*[\x21-\x3a\x3c-\x7e](?:[\x20-\x3a\x3c-\x7e]*[\x21-\x3a\x3c-\x7e])?)*(?:[ \t]*;[ \t]*)?$/;

	it("agrees with the grammar on mutations of valid records", () => {
		const bases = [
			"v=DMARC1; p=reject; sp=quarantine; np=reject; rua=mailto:a@example.org,mailto:b@example.org; fo=1; ruf=mailto:f@example.org",
			"v=DMARC1;p=none;adkim=s;aspf=s;psd=n;t=y",
		];
		const pieces = [";", "=", " ", "\t", "\0", "\r", "\n", "\u00e9", "p", "v=DMARC1", "DMARC1", "; p=none", "l".repeat(64)];
		let checked = 0;
		for (const base of bases) {
			for (let at = 0; at <= base.length; at += 1) {
				const cuts = [base.slice(0, at) + base.slice(at + 1), ...pieces.map((piece) => base.slice(0, at) + piece + base.slice(at))];
				for (const text of cuts) {
					// An empty value, or a record that ends in a bare space or tab: the ABNF allows them, no tag's own rule does.
					if (/=[ \t]*(?:;|$)|[ \t]$/.test(text)) continue;
					const record = parseDmarc(text);
					const flawed = !record.identified || record.issues.some((issue) => issue.code === "syntax");
					expect([text, !flawed]).toEqual([text, abnf.test(text)]);
					if (!record.valid) expect(record.policy).toBeUndefined();
					checked += 1;
				}
			}
		}
		expect(checked).toBeGreaterThan(2000);
	});

	it("dropped or reordered tags never make a stronger policy", () => {
		const tags = ["p=quarantine", "sp=none", "rua=mailto:a@example.org", "t=y", "adkim=s", "future=1"];
		fc.assert(
			fc.property(fc.shuffledSubarray(tags), (chosen) => {
				const record = parseDmarc(["v=DMARC1", ...chosen].join("; "));
				expect(record.policy).toBe(chosen.includes("p=quarantine") ? "quarantine" : chosen.includes("rua=mailto:a@example.org") ? "none" : undefined);
				expect(record.testing).toBe(chosen.includes("t=y"));
			}),
		);
	});

	it("gives a consistent value for any octets", () => {
		const octets = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
		const near = fc
			.array(
				fc.oneof(
					fc.constantFrom("v=DMARC1", ";", "p=reject", "sp=", "rua=mailto:", "@", ",", "%", "!", " ", "ruf=", "=", "fo=1:d"),
					fc.string({ maxLength: 5, unit: "binary" }),
				),
				{ maxLength: 20 },
			)
			.map((parts) => `v=DMARC1;${parts.join("")}`);
		fc.assert(
			fc.property(fc.oneof(octets, near, fc.string({ unit: "binary" })), (text) => {
				const record = parseDmarc(text);
				expect(record.valid).toBe(record.errors.length === 0);
				expect(record.valid).toBe(record.policy !== undefined);
				expect(record.identified).toBe(isDmarcText(text));
				expect(JSON.parse(JSON.stringify(record.tags))).toEqual(record.tags);
				for (const message of [...record.warnings, ...record.errors]) expect(message).toMatch(/^[\x20-\x7e]{1,400}$/);
			}),
			{ numRuns: 500 },
		);
	});

	it.each([
		["spaces", (n: number) => `v=DMARC1;${" ".repeat(n)}x`],
		["spaces before =", (n: number) => `v=DMARC1; p${" ".repeat(n)}=reject`],
		["semicolons", (n: number) => `v=DMARC1${";".repeat(n)}`],
		["tags", (n: number) => `v=DMARC1${";a=b".repeat(n / 4)}`],
		[
			"distinct tags",
			(n: number) => `v=DMARC1${Array.from({ length: n / 8 }, (_, i) => `;${i.toString(2).replace(/0/g, "a").replace(/1/g, "b")}=x`).join("")}`,
		],
		["commas", (n: number) => `v=DMARC1; p=reject; rua=${",".repeat(n)}`],
		["addresses", (n: number) => `v=DMARC1; p=reject; rua=${"mailto:a@example.org,".repeat(n / 21)}`],
		["percent", (n: number) => `v=DMARC1; p=reject; rua=mailto:${"%41".repeat(n / 3)}@example.org`],
		["at signs", (n: number) => `v=DMARC1; p=reject; rua=mailto:${"@".repeat(n)}`],
		["exclamation", (n: number) => `v=DMARC1; p=reject; rua=mailto:a@example.org${"!".repeat(n)}1m`],
		["digits", (n: number) => `v=DMARC1; p=reject; rua=mailto:a@example.org!${"1".repeat(n)}`],
		["colons", (n: number) => `v=DMARC1; p=reject; ruf=mailto:a@example.org; fo=${"1:".repeat(n / 2)}`],
		["equals", (n: number) => `v=DMARC1; p=${"=".repeat(n)}`],
		["dots", (n: number) => `v=DMARC1; p=reject; rua=mailto:a@${"a.".repeat(n / 2)}`],
	])("is linear on hostile %s", (_, make) => {
		const text = make(100_000);
		const started = performance.now();
		const record = parseDmarc(text);
		// Quadratic work on 100 kB is 10^10 steps: many seconds.
		expect(performance.now() - started).toBeLessThan(1500);
		expect(record.issues.length).toBeLessThanOrEqual(100);
		expect(record.warnings.join("").length + record.errors.join("").length).toBeLessThan(30_000);
	});
});
