import type { Gap } from "../../../model/evidence.ts";
import type { SpfAnalysis, SpfFinding, SpfQuestion, SpfTermRef } from "./analysis.ts";
import { printable } from "./macro.ts";

type Facts = Omit<SpfAnalysis, "findings">;

/** The question behind each catalogue id. SPF-15 is a matter of vendor data; `includes` serves it. */
const questions = {
	"SPF-01": "published",
	"SPF-02": "syntax",
	"SPF-03": "lookups",
	"SPF-04": "voidLookups",
	"SPF-05": "manyNames",
	"SPF-06": "macros",
	"SPF-07": "loops",
	"SPF-08": "terminal",
	"SPF-09": "targets",
	"SPF-10": "ptr",
	"SPF-11": "deadTerms",
	"SPF-12": "size",
	"SPF-13": "leftovers",
	"SPF-14": "broadRanges",
	"SPF-16": "registrable",
	"SPF-17": "flattening",
} as const satisfies Record<string, keyof Facts>;

type Reference = keyof typeof questions;

/** At most this many findings of one catalogue id. */
const limit = 20;

/** What is wrong, certain or unknown, in the order of the catalogue. */
export function findingsOf(facts: Facts): SpfFinding[] {
	const findings: SpfFinding[] = [];
	for (const reference of Object.keys(questions) as Reference[]) {
		findings.push(...(rules[reference]?.(facts) ?? []).slice(0, limit).map((finding) => ({ reference, ...finding })));
		findings.push(...openFindings(reference, facts[questions[reference]]));
	}
	return findings;
}

/**
 * Why parts of an analysis are not known, by path, in the form that derived evidence carries. A question that is already
 * answered for the worse has no gap: twelve lookups are too many whatever the branch that timed out would add.
 */
export function spfGaps(analysis: SpfAnalysis): Record<string, Gap> {
	const gaps: Record<string, Gap> = {};
	const broken = new Set(analysis.findings.filter((finding) => finding.kind === "broken").map((finding) => finding.reference));
	for (const reference of Object.keys(questions) as Reference[]) {
		const path = questions[reference];
		if (broken.has(reference)) continue;
		const gap = gapOf(analysis[path]);
		if (gap !== undefined) gaps[path] = gap;
	}
	const addresses = gapOf(analysis.addresses);
	if (addresses !== undefined) gaps.addresses = addresses;
	return gaps;
}

function gapOf(question: SpfQuestion): Gap | undefined {
	const [first] = question.unknown;
	if (question.status === "incomplete" && first !== undefined) return { code: first.code, detail: `${first.type} ${printable(first.name)}` };
	// A sample message would say what the macros stand for.
	if (question.status === "not_followed") return { code: "no_sample_message", detail: `built by macros: ${printable(question.notFollowed[0] ?? "")}` };
	return undefined;
}

function openFindings(reference: Reference, question: SpfQuestion): SpfFinding[] {
	const findings: SpfFinding[] = [];
	for (const item of question.unknown.slice(0, limit)) {
		findings.push({ reference, kind: "unknown", message: `no usable answer for ${item.type} ${printable(item.name)}`, code: item.code });
	}
	for (const term of question.notFollowed.slice(0, limit)) {
		findings.push({ reference, kind: "unknown", message: `${printable(term)} is built by macros and was not followed`, code: "no_sample_message" });
	}
	return findings;
}

type Found = Omit<SpfFinding, "reference">;

function broken(message: string, ref?: SpfTermRef): Found {
	return ref === undefined ? { kind: "broken", message } : { kind: "broken", message, term: refOnly(ref) };
}

function note(message: string, ref?: SpfTermRef): Found {
	return ref === undefined ? { kind: "note", message } : { kind: "note", message, term: refOnly(ref) };
}

function refOnly({ term, position, at, own }: SpfTermRef): SpfTermRef {
	return { term, position, at, own };
}

const where = (ref: SpfTermRef): string => `"${printable(ref.term)}" at position ${ref.position} of ${printable(ref.at)}`;

const rules: Partial<Record<Reference, (facts: Facts) => Found[]>> = {
	"SPF-01": ({ published }) => {
		if (published.count === 0) return [broken("no SPF record is published")];
		if (published.count !== null && published.count > 1) return [broken(`${published.count} SPF records are published; receivers give permerror`)];
		return [];
	},
	"SPF-02": ({ syntax }) =>
		syntax.errors.map((error) => (error.own ? broken(`${where(error)}: ${error.message}`, error) : note(`${where(error)}: ${error.message}`, error))),
	"SPF-03": ({ lookups }) =>
		lookups.endless
			? [broken("a loop costs lookups without end")]
			: lookups.count > lookups.limit
				? [broken(`${lookups.count} lookup terms, ${lookups.limit} are allowed`)]
				: [],
	"SPF-04": ({ voidLookups }) => {
		const names = [...new Set(voidLookups.lookups.map((item) => printable(item.name)))].slice(0, limit).join(", ");
		if (voidLookups.count > voidLookups.limit) return [broken(`${voidLookups.count} lookups without an answer, ${voidLookups.limit} are allowed: ${names}`)];
		if (voidLookups.countIpv6 > voidLookups.limit) return [note(`${voidLookups.countIpv6} lookups without an answer for an IPv6 client: ${names}`)];
		return [];
	},
	"SPF-05": ({ manyNames }) => manyNames.mx.map((mx) => broken(`${where(mx)}: ${mx.count} MX records, 10 are allowed`, mx)),
	"SPF-06": ({ macros }) => [
		...macros.errors.map((error) => (error.own ? broken(`${where(error)}: ${error.message}`, error) : note(`${where(error)}: ${error.message}`, error))),
		...macros.truncated.map((ref) => note(`${where(ref)}: the name is longer than 253 characters and loses labels from the left`, ref)),
	],
	"SPF-07": ({ loops }) => loops.chains.map((chain) => broken(`loop: ${chain.map(printable).join(" -> ")}`)),
	"SPF-08": ({ terminal }) => {
		if (terminal.policy === "permerror")
			return [broken(`the redirect ends at ${printable(terminal.via[terminal.via.length - 1] ?? "a name")} without a usable record: permerror`)];
		if (terminal.policy === "neutral" && !terminal.explicit) return [broken("no all term is reached: all other senders are neutral")];
		if (terminal.policy === "neutral" || terminal.policy === "pass") return [broken(`${terminal.term ?? "all"}: all other senders are ${terminal.policy}`)];
		return terminal.policy === "softfail" ? [note(`${terminal.term ?? "~all"}: enough only with an enforced DMARC policy`)] : [];
	},
	"SPF-09": ({ targets }) => {
		const words = {
			none: "publishes no SPF record",
			several: "publishes several SPF records",
			invalid: "publishes a record with a syntax error",
			malformed_name: "is not a domain name that can be asked",
		} as const;
		const found: Found[] = [];
		for (const target of targets.targets) {
			if (target.state === "none" || target.state === "several" || target.state === "invalid" || target.state === "malformed_name") {
				found.push(broken(`${where(target)}: ${printable(target.name)} ${words[target.state]}; permerror for the domain`, target));
			}
		}
		return found;
	},
	"SPF-10": ({ ptr }) => [
		...ptr.own.map((ref) => broken(`${where(ref)}: ptr should not be published`, ref)),
		...ptr.included.map((ref) => note(`${where(ref)}: an included record uses ptr`, ref)),
	],
	"SPF-11": ({ deadTerms }) =>
		deadTerms.terms.map((ref) => {
			const message = `${where(ref)} ${ref.why === "after_all" ? "stands behind all and is never reached" : "stands beside all and is ignored"}`;
			return ref.own ? broken(message, ref) : note(message, ref);
		}),
	"SPF-12": ({ size }) => {
		const found: Found[] = [];
		if (size.strings.some((length) => length > 255)) found.push(broken("a string is longer than 255 octets"));
		if (size.recordOctets > 450) found.push(broken(`the record has ${size.recordOctets} octets; over 450 the answer may not fit 512`));
		else if (size.nameAndTxtOctets > 450)
			found.push(broken(`name and TXT records have ${size.nameAndTxtOctets} octets together; over 450 the answer may not fit 512`));
		return found;
	},
	"SPF-13": ({ leftovers }) => {
		const found: Found[] = [];
		if (leftovers.type99.length > 0) found.push(broken("a record of the old type SPF (99) is left over"));
		if (leftovers.spf2.length > 0) found.push(broken("a Sender ID record (spf2.0) is left over"));
		return found;
	},
	"SPF-14": ({ broadRanges }) =>
		broadRanges.ranges.map((range) => {
			const message = `${where(range)} allows a /${range.prefix} of IPv${range.family}`;
			return range.own ? broken(message, range) : note(message, range);
		}),
	"SPF-16": ({ registrable }) =>
		registrable.missing.map(({ domain, targets }) => broken(`${printable(domain)} does not exist; whoever registers it may send as the domain`, targets[0])),
	"SPF-17": ({ flattening }) => [
		...flattening.copied.map((ref) => note(`${where(ref)} is also published at ${printable(ref.alsoAt)}`, ref)),
		...flattening.rangeOnly.map((name) => note(`${printable(name)} holds nothing but addresses`)),
	],
};
