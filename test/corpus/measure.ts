import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { parseYamlSource } from "../../model/source.ts";
import { findCheck } from "../../pipeline/catalogue.ts";
import { lintContent } from "../../pipeline/lint.ts";

const corpus = join(import.meta.dirname, "content");
const letters: Readonly<Record<string, string>> = { H: "SUBJ-002", R: "SUBJ-003", I: "SUBJ-004" };
/** Rules that are measured: a file that does not expect one must not fire it. */
const bodyRules = ["TPL-001", "TPL-002", "TPL-003", "TPL-004", "TPL-005", "TPL-006", "TRK-001", "TRK-003", "TRK-005", "UNS-003"] as const;
export const measuredRules = [...Object.values(letters), ...bodyRules];

interface Sample {
	name: string;
	/** Where it stands in the corpus, for whoever reads a miss. */
	place: string;
	files: Readonly<Record<string, string>>;
	expected: ReadonlySet<string>;
	rules: readonly string[];
}

export interface Figure {
	rule: string;
	hits: number;
	misses: number;
	falseAlarms: number;
}
export interface Measured {
	figures: Figure[];
	/** Misses and false alarms, by place in the corpus. */
	errors: string[];
	samples: number;
}

const bodySchema = z.array(
	z.strictObject({
		html: z.string(),
		text: z.string().nullable().default("Hello."),
		allow: z.array(z.string()).optional(),
		open: z.boolean().default(false),
		expect: z.array(z.enum(bodyRules)).default([]),
	}),
);

/** The halves of the corpus: what rules were tuned on, and what was held out. */
export async function readCorpus(): Promise<{ tuning: Sample[]; heldOut: Sample[] }> {
	const bodies = await readBodies();
	return {
		tuning: [...(await readSubjects("subjects.tsv")), ...bodies.filter((_, index) => index % 2 === 1)],
		heldOut: [...(await readSubjects("subjects-held-out.tsv")), ...bodies.filter((_, index) => index % 2 === 0)],
	};
}

async function readSubjects(file: string): Promise<Sample[]> {
	const lines = (await readFile(join(corpus, file), "utf8")).split("\n");
	return lines.flatMap((line, index) => {
		const [label, subject] = line.split("\t");
		if (line.startsWith("#") || label === undefined || subject === undefined) return [];
		const name = `subject-${index + 1}`;
		const isOpen = label.includes("h");
		return [
			{
				name,
				place: `${file}:${index + 1}`,
				files: { [`${name}.html`]: "<p>Hello.</p>", [`${name}.meta.yaml`]: `subject: ${JSON.stringify(subject)}\n` },
				expected: new Set([...label].flatMap((letter) => letters[letter] ?? [])),
				rules: Object.values(letters).filter((rule) => !(isOpen && rule === letters.H)),
			},
		];
	});
}

async function readBodies(): Promise<Sample[]> {
	const fields = parseYamlSource(await readFile(join(corpus, "fields.yaml")), "fields.yaml").value as { fields: Record<string, string> };
	const parsed = bodySchema.parse(parseYamlSource(await readFile(join(corpus, "bodies.yaml")), "bodies.yaml").value);
	return parsed.map((body, index) => {
		const name = `body-${index + 1}`;
		const meta = {
			subject: "News from our team",
			allow: body.allow ?? Object.keys(fields.fields),
			requiresTls: !body.open,
			encryptedOnly: !body.open,
		};
		return {
			name,
			place: `bodies.yaml, entry ${index + 1}`,
			files: {
				[`${name}.html`]: body.html,
				[`${name}.meta.yaml`]: JSON.stringify(meta),
				...(body.text === null ? {} : { [`${name}.txt`]: body.text }),
			},
			expected: new Set<string>(body.expect),
			rules: bodyRules,
		};
	});
}

/** Lints the samples as a user would, in one folder, and counts by rule. */
export async function measure(samples: readonly Sample[]): Promise<Measured> {
	const dir = await mkdtemp(join(tmpdir(), "mailward-corpus-"));
	try {
		await mkdir(join(dir, "t"));
		await writeFile(join(dir, "t", "fields.yaml"), await readFile(join(corpus, "fields.yaml")));
		for (const sample of samples) for (const [name, text] of Object.entries(sample.files)) await writeFile(join(dir, "t", name), text);
		const result = await lintContent({ paths: ["t"], open: (path) => join(dir, path), signal: new AbortController().signal });
		const fired = new Map<string, Set<string>>();
		for (const one of result.results) {
			if (one.state !== "fail") continue;
			const name = one.resource.replace(/^t\/|\.html$/g, "");
			const rules = fired.get(name) ?? new Set();
			for (const rule of findCheck(one.check)?.reference ?? []) rules.add(rule);
			fired.set(name, rules);
		}
		return count(samples, fired);
	} finally {
		await rm(dir, { recursive: true, force: true });
	}
}

function count(samples: readonly Sample[], fired: ReadonlyMap<string, ReadonlySet<string>>): Measured {
	const figures = new Map(measuredRules.map((rule): [string, Figure] => [rule, { rule, hits: 0, misses: 0, falseAlarms: 0 }]));
	const errors: string[] = [];
	for (const sample of samples) {
		for (const rule of sample.rules) {
			const figure = figures.get(rule);
			if (figure === undefined) throw new Error(`no such rule: ${rule}`);
			const isExpected = sample.expected.has(rule);
			const isFired = fired.get(sample.name)?.has(rule) ?? false;
			if (isExpected && isFired) figure.hits += 1;
			if (isExpected && !isFired) {
				figure.misses += 1;
				errors.push(`${sample.place}: ${rule} was missed`);
			}
			if (!isExpected && isFired) {
				figure.falseAlarms += 1;
				errors.push(`${sample.place}: ${rule} fired`);
			}
		}
	}
	return { figures: [...figures.values()], errors, samples: samples.length };
}

export const precisionOf = ({ hits, falseAlarms }: Figure): number => (hits + falseAlarms === 0 ? 1 : hits / (hits + falseAlarms));
export const recallOf = ({ hits, misses }: Figure): number => (hits + misses === 0 ? 1 : hits / (hits + misses));
