/**
 * Writes the job summary to stdout and annotations to stderr, which a runner reads too. Where the repository is not known to be private both are counts
 * alone: what fails on which resource is a map for attackers.
 */
import { readFileSync } from "node:fs";

const result = JSON.parse(readFileSync(process.argv[2], "utf8"));
const isPrivate = process.env.REPOSITORY_PRIVATE === "true";
/** A runner shows ten annotations of a kind for each step. */
const maxAnnotations = 10;
const rank = ["critical", "high", "medium", "low", "info"];

const failed = result.results.filter((item) => item.state === "fail").sort((a, b) => rank.indexOf(a.severity) - rank.indexOf(b.severity));
const plans = new Set(result.scope.targets.filter((target) => target.type === "plan").map((target) => target.id));

process.stdout.write(`### mailward${result.run.complete ? "" : " - INCOMPLETE"}\n\n| state | results |\n| --- | --- |\n`);
for (const [state, count] of Object.entries(result.totals.results)) process.stdout.write(`| ${state.replaceAll("_", " ")} | ${count} |\n`);
process.stdout.write("\n");
for (const severity of rank) {
	const count = failed.filter((item) => item.severity === severity).length;
	if (count === 0) continue;
	process.stdout.write(`- ${count} ${severity} ${count === 1 ? "result fails" : "results fail"}\n`);
	if (!isPrivate) annotate("", `${count} ${severity} ${count === 1 ? "result fails" : "results fail"}; the bundle says which`);
}
process.stdout.write("\nWhat could not be assessed is never counted as a pass. No certification.\n");
if (isPrivate)
	for (const item of failed.slice(0, maxAnnotations))
		annotate(plans.has(item.target) ? `file=${property(item.target)},` : "", `${item.title} [${item.check}] ${item.resource}: ${item.message}`);

function annotate(file, message) {
	process.stderr.write(`::error ${file}title=mailward::${escaped(message)}\n`);
}

/** Workflow commands end at a line's end: texts from outside must not begin one of their own. */
function escaped(text) {
	return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text) {
	return escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
