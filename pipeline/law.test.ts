import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listControls } from "./catalogue.ts";
import { explainLaw, lawTopics, topicsOn } from "./law.ts";

describe("statements on the law", () => {
	const controls = new Set(listControls("hipaa").map((control) => control.id));
	const { topics } = lawTopics();

	it.each(topics)("$id cites, names controls that exist, and is printed with its date", (topic) => {
		expect(topic.controls.filter((id) => !controls.has(id))).toEqual([]);
		for (const citation of topic.citations) expect(citation).toMatch(/^(?:\d+ (?:CFR|USC) \d|RFC \d+ section |.+ v\. .+, \d+ \w+ \d{4}$)/);
		const text = explainLaw(topic.id) ?? "";
		for (const part of [topic.statement, topic.position, topic.asOf, ...topic.citations]) expect(text).toContain(part);
		for (const control of topic.controls) expect(topicsOn(control)).toContain(topic);
	});

	it("call proposed rules no law, dated, wherever they speak of them", () => {
		const speaking = topics.filter((topic) => topic.proposed !== undefined);
		expect(speaking.length).toBeGreaterThan(0);
		for (const topic of speaking) {
			expect(topic.proposed).toMatch(/RIN 0945-AA22 \(90 FR 898, 6 January 2025\) would/);
			expect(explainLaw(topic.id)).toContain("--profile nprm-2025 alone");
		}
		for (const topic of topics) expect(topic.position).not.toContain("0945-AA22");
	});

	it("stand in docs/law.md", () => {
		const page = readFileSync(join(import.meta.dirname, "../docs/law.md"), "utf8");
		expect(topics.filter((topic) => !page.includes(`## ${topic.id}`))).toEqual([]);
	});
});
