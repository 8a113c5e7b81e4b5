import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Figure, measure, measuredRules, precisionOf, readCorpus, recallOf } from "./corpus/measure.ts";

type Recorded = Record<"tuning" | "heldOut", Record<string, { precision: number; recall: number }>>;
const recorded = JSON.parse(readFileSync(join(import.meta.dirname, "corpus", "recorded.json"), "utf8")) as Recorded;

const told = (figure: Figure): string =>
	`${figure.rule}: precision ${precisionOf(figure).toFixed(3)}, recall ${recallOf(figure).toFixed(3)} (${figure.hits} hits, ${figure.misses} misses, ${figure.falseAlarms} false alarms)`;

describe("detection on the labelled corpus", () => {
	it.each(["tuning", "heldOut"] as const)(
		"is not worse than recorded on the half for %s",
		async (half) => {
			const { figures, errors, samples } = await measure((await readCorpus())[half]);
			process.stdout.write(`${half}, ${samples} samples\n${figures.map((figure) => `  ${told(figure)}\n`).join("")}`);
			for (const figure of figures) {
				const floor = recorded[half][figure.rule];
				expect(precisionOf(figure), `${told(figure)}\n${errors.join("\n")}`).toBeGreaterThanOrEqual(floor?.precision ?? 1);
				expect(recallOf(figure), `${told(figure)}\n${errors.join("\n")}`).toBeGreaterThanOrEqual(floor?.recall ?? 1);
			}
		},
		120_000,
	);

	it("is large enough to mean something", async () => {
		const { tuning, heldOut } = await readCorpus();
		const all = [...tuning, ...heldOut];
		expect(all.filter((sample) => sample.name.startsWith("subject")).length).toBeGreaterThanOrEqual(600);
		expect(all.filter((sample) => sample.name.startsWith("body")).length).toBeGreaterThanOrEqual(150);
		for (const rule of measuredRules)
			expect(
				all.some((sample) => sample.expected.has(rule)),
				rule,
			).toBe(true);
	});

	it("holds the subject rules to 0.95 on what was held out", () => {
		for (const rule of ["SUBJ-002", "SUBJ-003", "SUBJ-004"]) {
			expect(recorded.heldOut[rule]?.precision, rule).toBeGreaterThanOrEqual(0.95);
			expect(recorded.heldOut[rule]?.recall, rule).toBeGreaterThanOrEqual(0.95);
		}
	});
});
