import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { everyConstruct } from "./testing/every-construct.test-support.ts";
import { faults, Subject } from "./testing/faults.test-support.ts";
import { idsWith, judge, satisfiedBy, synthesize, told } from "./testing/judge.test-support.ts";

/** A plan never shows that a record is missing, only that it is not in it: the check is then not assessed. */
const openWithout: readonly string[] = ["sending.dkim_signs"];
/** No check speaks to a contact list in a plan. */
const withoutChecks: readonly string[] = ["contact-preferences"];

/** What a whole mail system hands on to a part under another name: the error names the part and its prop. */
const handedOn: Readonly<Record<string, string>> = {
	inboundRecipients: "recipients",
	alarmEmailAddresses: "emailAddresses",
	breakGlassArns: "trustedArns",
	scanConfiguration: "configuration",
};

const synth = (construct: string, more?: object): string =>
	synthesize((stack) => {
		everyConstruct[construct]?.(stack, more);
	});

it("walks every construct", () => {
	const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
	expect(
		folders
			.map(({ name }) => name)
			.filter((name) => name !== "internal" && name !== "testing")
			.sort(),
	).toEqual(Object.keys(everyConstruct));
});

it("knows no fault that nothing is held to", () => {
	const said = Object.keys(everyConstruct).flatMap((construct) => (withoutChecks.includes(construct) ? [] : satisfiedBy(construct)));
	expect(Object.keys(faults)).toEqual([...new Set(said)].sort());
});

describe.each(Object.keys(everyConstruct))("%s", (construct) => {
	it("fails no check as it comes, and says truly which it satisfies: without what it does for one, that check fails", async () => {
		const json = synth(construct);
		const verdicts = await judge(json);
		expect(idsWith(verdicts, "fail"), told(verdicts)).toEqual([]);
		const proven: string[] = [];
		for (const id of idsWith(verdicts, "pass")) {
			const fault = faults[id];
			if (fault === undefined) continue;
			const subject = new Subject(json);
			fault(subject);
			const after = await judge(String(subject), [id]);
			if (idsWith(after, openWithout.includes(id) ? "not_assessed" : "fail").length > 0) proven.push(id);
		}
		const says = withoutChecks.includes(construct) ? [] : satisfiedBy(construct);
		expect([...says].sort(), `constructs/${construct}/index.ts: what stands after "Satisfies:"`).toEqual(proven);
	});

	it.each(outOfRange(construct))("refuses $prop: $value, with the prop's name and a way out", ({ prop, value }) => {
		const named = `(/[\\w./-]+)?: (${prop}|${handedOn[prop] ?? prop})(\\[0\\])?`;
		expect(() => synth(construct, { [prop]: value })).toThrow(new RegExp(`^mail/subject${named} must .+, got .+; \\w`, "s"));
	});
});

/** Values that no prop of its type takes, for each prop that the construct's interface declares as a number, text, list of texts or choice. */
function outOfRange(construct: string): { prop: string; value: unknown }[] {
	const wrong: { prop: string; value: unknown }[] = [];
	for (const file of readdirSync(join(import.meta.dirname, construct)).filter((name) => /^(index|props)\.ts$/.test(name))) {
		const source = readFileSync(join(import.meta.dirname, construct, file), "utf8");
		for (const [, body = ""] of source.matchAll(/^export interface (?:\w*Props|MailDomain)\b[^{]*\{\n([\s\S]*?)^\}/gm)) {
			for (const [, prop = "", type = ""] of body.matchAll(/^\treadonly (\w+)\??: ([^;]+);/gm)) {
				for (const value of wrongFor(type)) wrong.push({ prop, value });
			}
		}
	}
	return wrong;
}

function wrongFor(type: string): unknown[] {
	if (type === "number") return [-1, Number.NaN, 1e12];
	if (type === "string") return [""];
	if (type === "readonly string[]") return [["\u0000"]];
	if (type.startsWith('"')) return ["no-such-choice"];
	return [];
}
