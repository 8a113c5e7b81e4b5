// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateIam, parsePolicy, publicStatements, requiresMfa } from "./index.ts";

const statement = { Effect: "Allow", Action: "s3:*", Resource: "*" };

describe("policy documents", () => {
	it("are read whatever their layout", () => {
		const one = { Version: "2012-10-17", Statement: statement };
		const texts: unknown[] = [
			one,
			{ Statement: [statement], Version: "2012-10-17" },
			JSON.stringify(one),
			`\ufeff\r\n\t ${JSON.stringify(one, null, 2).replaceAll("\n", "\r\n")}\r\n`,
			encodeURIComponent(JSON.stringify(one)),
			{ version: "2012-10-17", STATEMENT: [{ action: ["s3:*"], RESOURCE: "*", effect: "Allow" }] },
		];
		for (const text of texts) {
			const parsed = parsePolicy(text);
			expect(parsed).toMatchObject({
				ok: true,
				policy: { version: "2012-10-17", statements: [{ effect: "Allow", action: { patterns: [{ text: "s3:*" }] } }] },
			});
		}
		expect(parsePolicy({ Statement: [] })).toMatchObject({ ok: true, policy: { version: "2008-10-17", statements: [] } });
	});

	it.each<[unknown, string]>([
		["", ""],
		["{", ""],
		["%7Bnot%", ""],
		[null, ""],
		[7, ""],
		[[statement], ""],
		[{ Version: "2012-10-17" }, ""],
		[{ Version: "2011-01-01", Statement: [] }, "Version"],
		[{ Statement: [null] }, "Statement[0]"],
		[{ Statement: [statement, { ...statement, Effect: "allow" }] }, "Statement[1].Effect"],
		[{ Statement: { Action: "*", Resource: "*" } }, "Statement[0].Effect"],
		[{ Statement: { Effect: "Allow", Resource: "*" } }, "Statement[0]"],
		[{ Statement: { ...statement, NotAction: "*" } }, "Statement[0]"],
		[{ Statement: { ...statement, Acton: "*" } }, "Statement[0]"],
		[{ Statement: { ...statement, action: "*" } }, "Statement[0]"],
		[{ Statement: { ...statement, Action: [7] } }, "Statement[0].action"],
		[{ Statement: { ...statement, Principal: { Somebody: "*" } } }, "Statement[0].Principal"],
		[{ Statement: { ...statement, Principal: {} } }, "Statement[0].Principal"],
		[{ Statement: { ...statement, Condition: { StringEqual: { a: "b" } } } }, "Statement[0].Condition"],
		[{ Statement: { ...statement, Condition: { NullIfExists: { a: "true" } } } }, "Statement[0].Condition"],
		[{ Statement: { ...statement, Condition: { StringEquals: { a: { b: "c" } } } } }, "Statement[0].Condition"],
		[{ Statement: { ...statement, Condition: [] } }, "Statement[0].Condition"],
	])("that AWS would refuse give an error: %j", (document, path) => {
		const parsed = parsePolicy(document);
		expect(parsed).toMatchObject({ ok: false, error: { code: "malformed", path } });
		expect(evaluateIam({ action: "s3:GetObject", resource: "*", identityPolicies: [document] })).toMatchObject({
			decision: "implicit_deny",
			problems: [{ where: path === "" ? "identityPolicies[0]" : `identityPolicies[0].${path}` }],
		});
	});

	it("in the wrong place allow nothing, and say so", () => {
		const withPrincipal = { Version: "2012-10-17", Statement: { ...statement, Principal: "*" } };
		const ask = (rest: object) => evaluateIam({ action: "s3:GetObject", resource: "*", principal: "111122223333", ...rest });
		expect(ask({ boundary: withPrincipal, resourcePolicy: { Statement: statement } }).problems).toHaveLength(2);
		expect(evaluateIam({ action: "s3:GetObject", resource: "*", identityPolicies: [withPrincipal] })).toMatchObject({
			decision: "implicit_deny",
			problems: [{}],
		});
	});

	it("of a plan keep their placeholders, quotes and all", () => {
		for (const text of [
			'{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "${aws_s3_bucket.b["k"].arn}/*"}]}',
			'{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "${aws_s3_bucket.b[\\"k\\"].arn}/*"}]}',
		]) {
			const parsed = parsePolicy(text);
			expect(parsed).toMatchObject({
				ok: true,
				policy: {
					statements: [{ resource: { patterns: [{ parts: [{ kind: "unknown", name: '${aws_s3_bucket.b["k"].arn}' }, { kind: "text" }, { kind: "star" }] }] } }],
				},
			});
		}
		expect(parsePolicy('{"Statement": {"Effect": "Allow", "Action": ${var.actions}, "Principal": ${var.p}, "Condition": ${unknown}}}')).toMatchObject({
			ok: true,
			policy: { statements: [{ principal: { entries: [{ type: "unknown" }] }, conditions: [{ key: "${unknown}" }] }] },
		});
		expect(parsePolicy('{"Statement": ${')).toMatchObject({ ok: false });
	});

	it("of any shape give a value, and any question about them an answer", () => {
		const json = fc.anything({ withNullPrototype: true, maxDepth: 4 });
		const near = fc.record(
			{
				Version: fc.constantFrom("2012-10-17", "2008-10-17", "x"),
				Statement: fc.array(
					fc.record(
						{
							Effect: fc.constantFrom("Allow", "Deny", "${unknown}", "no"),
							Action: fc.oneof(fc.string(), fc.array(fc.string()), json),
							Resource: fc.oneof(fc.string({ unit: fc.constantFrom("$", "{", "}", "*", "?", ":", "a", "'", ",", " ") }), json),
							Principal: fc.oneof(fc.constant("*"), fc.record({ AWS: fc.string() }), json),
							Condition: fc.oneof(
								fc.dictionary(
									fc.constantFrom("StringLike", "Null", "IpAddress", "DateLessThan", "ForAllValues:ArnLike"),
									fc.dictionary(fc.string(), fc.string()),
								),
								json,
							),
						},
						{ requiredKeys: ["Effect", "Action"] },
					),
				),
			},
			{ requiredKeys: ["Statement"] },
		);
		fc.assert(
			fc.property(
				fc.oneof(
					json,
					near,
					fc.string(),
					near.map((value) => JSON.stringify(value)),
				),
				fc.string(),
				fc.string(),
				(document, action, resource) => {
					const parsed = parsePolicy(document);
					expect(typeof parsed.ok).toBe("boolean");
					for (const principal of [undefined, "*", "arn:aws:iam::111122223333:user/a", action]) {
						const question = {
							action,
							resource,
							identityPolicies: [document],
							resourcePolicy: document,
							boundary: document,
							scps: [document],
							context: { k: "v" },
						};
						const answer = evaluateIam(principal === undefined ? question : { ...question, principal });
						expect(["allowed", "explicit_deny", "implicit_deny", "depends"]).toContain(answer.decision);
					}
					if (parsed.ok) {
						publicStatements(parsed.policy);
						requiresMfa(parsed.policy, 3600);
					}
				},
			),
			{ numRuns: 300 },
		);
	});

	it("that are hostile cost bounded time", () => {
		const timed = (document: unknown, resource = "arn:aws:s3:::b/x"): number => {
			const began = performance.now();
			const question = { action: "s3:GetObject", resource, principal: "arn:aws:iam::111122223333:user/a" };
			evaluateIam({ ...question, resourcePolicy: document });
			const parsed = parsePolicy(document);
			if (parsed.ok) {
				publicStatements(parsed.policy);
				requiresMfa(parsed.policy, 3600);
			}
			return performance.now() - began;
		};
		const open = (i: number): object => ({
			Sid: `s${i}`,
			Effect: i % 2 === 0 ? "Allow" : "Deny",
			Principal: "*",
			Action: "s3:GetObject",
			Resource: `arn:aws:s3:::b${i}/*`,
			Condition: { StringEquals: { k: "v" } },
		});
		expect(timed({ Version: "2012-10-17", Statement: Array.from({ length: 10_000 }, (_, i) => open(i)) })).toBeLessThan(10_000);
		const long = "a".repeat(2000);
		const wild = Array.from({ length: 200 }, () => `${"a*".repeat(900)}b`);
		expect(timed({ Version: "2012-10-17", Statement: { ...statement, Principal: "*", Resource: wild, NotAction: undefined } }, long)).toBeLessThan(10_000);
		expect(timed({ Version: "2012-10-17", Statement: { Effect: "Allow", Principal: "*", Action: wild, Resource: wild } }, long)).toBeLessThan(10_000);
		expect(timed({ Version: "2012-10-17", Statement: { ...statement, Principal: "*", Resource: "${".repeat(500_000) } })).toBeLessThan(5_000);
		expect(timed(`${'{"Statement":'.repeat(50_000)}`)).toBeLessThan(5_000);
		expect(timed(`{"Statement": "${'${a["'.repeat(100_000)}`)).toBeLessThan(5_000);
		expect(parsePolicy("x".repeat(9_000_000))).toMatchObject({ ok: false, error: { code: "too_large" } });
		expect(parsePolicy({ Statement: { ...statement, Resource: ["x".repeat(9_000_000)] } })).toMatchObject({ ok: false, error: { code: "too_large" } });
	});
});
