import { z } from "zod";
import { type CrossIssue, defineRecordKind } from "./kind.ts";
import { dateOf, inOrder, isObject, type Loose, type RuleIssue } from "./rules.ts";
import { date, sha256, sharedFields, staffWith, text, wholeNumber } from "./shared.ts";

const percent = wholeNumber("expected a whole number of percent", 0, 100, "expected 0 to 100 percent");

/** 45 CFR 164.308(a)(5), 164.530(b): one person and one course. A person without completedOn is on the roster and not yet trained. */
export const training = defineRecordKind({
	kind: "training",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		person: staffWith({ hiredOn: date, accessFrom: date.nullable().optional(), leftOn: date.nullable().optional() }),
		course: z.strictObject({
			id: text,
			title: text,
			contentVersion: text,
			contentSha256: sha256.optional(),
			topics: z.array(z.enum(["mail", "marketing", "authorization", "incident_reporting", "security", "privacy"])).optional(),
		}),
		completedOn: date.nullable().optional(),
		dueOn: date.optional().describe("The date of the user's own policy"),
		score: percent.optional(),
		passMark: percent.optional(),
		trigger: z.enum(["new_hire", "periodic", "material_change", "reminder", "after_incident"]).optional(),
	}),
	rules: (record) => {
		const issues: RuleIssue[] = [];
		if (!isObject(record.person)) return issues;
		issues.push(...inOrder(record.person, "hiredOn", "leftOn", ["person"]));
		const [hired, done] = [dateOf(record.person.hiredOn), dateOf(record.completedOn)];
		if (hired !== undefined && done !== undefined && done < hired)
			issues.push({ rec: "REC-105", path: ["completedOn"], message: `dates out of order: completedOn ${done} is before hiredOn ${hired}` });
		return issues;
	},
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? dateOf(record.completedOn) ?? null,
	across: twoContents,
});

/** One version of a course is one content: else nobody can say what a person was taught. */
function twoContents(records: readonly Loose[]): CrossIssue[] {
	const issues: CrossIssue[] = [];
	const known = new Map<string, { index: number; hash: string }>();
	for (const [index, { course }] of records.entries()) {
		if (!isObject(course) || typeof course.id !== "string" || typeof course.contentVersion !== "string" || typeof course.contentSha256 !== "string") continue;
		const key = JSON.stringify([course.id, course.contentVersion]);
		const first = known.get(key);
		if (first === undefined) known.set(key, { index, hash: course.contentSha256 });
		else if (first.hash !== course.contentSha256)
			issues.push({
				rec: "REC-106",
				record: index,
				other: first.index,
				path: ["course", "contentSha256"],
				message: "this version of the course has another hash",
			});
	}
	return issues;
}
