import { lawTopics } from "../../pipeline/law.ts";
import { code, generated, page, plain } from "./markdown.ts";

/** docs/law.md: what is often said, and what the law says. */
export function lawPage(): string {
	const { topics, asOf, source } = lawTopics();
	return page(
		"# What the law says",
		generated,
		`Statements that are often made about HIPAA and e-mail, with the position that mailward takes and its citations, as of ${asOf}. ${code("mailward explain law:<topic>")} prints one. No legal advice; the text of the regulations is at <${source}>.`,
		...topics.flatMap((topic) => [
			`## ${topic.id}`,
			`> ${plain(topic.statement)}`,
			plain(topic.position),
			`${topic.citations.map(plain).join("; ")}. Bears on ${topic.controls.map((id) => `[${code(id)}](controls.md)`).join(", ")}. As of ${topic.asOf}.`,
			...(topic.proposed === undefined ? [] : [`_Proposed, no law:_ ${plain(topic.proposed)} Judged for information by profile ${code("nprm-2025")} alone.`]),
		]),
	);
}
