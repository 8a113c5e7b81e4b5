import { type LawTopic, loadLaw } from "../checks/data/law/load-law.ts";

export function lawTopics(): { topics: readonly LawTopic[]; asOf: string; source: string } {
	return loadLaw();
}

/** Topics that bear on a control. */
export function topicsOn(control: string): LawTopic[] {
	return loadLaw().topics.filter((topic) => topic.controls.includes(control));
}

/** A topic of law in plain words, or undefined. */
export function explainLaw(id: string): string | undefined {
	const { topics, source } = loadLaw();
	const topic = topics.find((one) => one.id === id);
	if (topic === undefined) return undefined;
	const lines = [
		`law:${topic.id}`,
		"",
		`Often said:  ${topic.statement}`,
		`The law:     ${topic.position}`,
		"",
		`Cites:       ${topic.citations.join("; ")}`,
		`Bears on:    ${topic.controls.join(", ")}`,
		...(topic.proposed === undefined ? [] : [`Proposed:    ${topic.proposed} Judged for information by --profile nprm-2025 alone.`]),
		`As of:       ${topic.asOf} (${source})`,
		"",
		"No legal advice.",
	];
	return `${lines.join("\n")}\n`;
}
