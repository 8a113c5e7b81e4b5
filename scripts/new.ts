/**
 * Writes the files of a new check, collector, derivation, construct or report from scripts/templates: small, working, tested.
 *
 *     npm run new -- check <area>.<name> [--evidence <kind> --path <path> --value <value>] [--control <id>]
 *     npm run new -- collector|derivation|report <name>
 *     npm run new -- construct <Name>
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { checkScaffold } from "./templates/check.ts";
import { collectorScaffold } from "./templates/collector.ts";
import { constructScaffold } from "./templates/construct.ts";
import { derivationScaffold } from "./templates/derivation.ts";
import type { Scaffold } from "./templates/names.ts";
import { reportScaffold } from "./templates/report.ts";

const usage = `usage: npm run new -- check <area>.<name> [--evidence <kind> --path <path> --value <value>] [--control <id>]
       npm run new -- collector <name> | derivation <name> | construct <Name> | report <name>`;
const defaults = { evidence: "aws_sesv2_configuration_set", path: "delivery_options.tls_policy", value: "REQUIRE" };
const snake = {
	form: /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*\.[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/,
	words: "<area>.<name> in snake_case, such as sending.tls_required: it names the state that passes",
};
const kebab = { form: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, words: "kebab-case, such as mta-sts" };
const pascal = { form: /^(?:[A-Z][a-z0-9]+)+$/, words: "a noun in PascalCase, such as MailArchive" };
const forms: Readonly<Record<string, { form: RegExp; words: string }>> = {
	check: snake,
	collector: kebab,
	derivation: kebab,
	construct: pascal,
	report: kebab,
};

/** Wrong input of the caller's: told in one line, without a stack. */
class UsageError extends Error {}

interface Options {
	evidence?: string | undefined;
	path?: string | undefined;
	value?: string | undefined;
	control?: string | undefined;
}

async function scaffoldOf(what: string, name: string, options: Options): Promise<Scaffold> {
	const form = forms[what];
	if (form === undefined) throw new UsageError(`unknown kind ${JSON.stringify(what)}: check, collector, derivation, construct or report`);
	if (!form.form.test(name)) throw new UsageError(`${JSON.stringify(name)} is no name for a ${what}: write ${form.words}`);
	if (what === "check") return newCheck(name, options);
	if (Object.values(options).some((value) => value !== undefined)) throw new UsageError("--evidence, --path, --value and --control belong to check");
	if (what === "collector") return collectorScaffold(name);
	if (what === "derivation") return derivationScaffold(name);
	return what === "construct" ? constructScaffold(name) : reportScaffold(name);
}

async function newCheck(id: string, options: Options): Promise<Scaffold> {
	const [area = "", name = ""] = id.split(".");
	if (area === "lib") throw new UsageError("the area lib is for libraries; name another");
	const { kind, path, value } = await subjectOf(options);
	return checkScaffold({
		area,
		name,
		kind,
		path,
		value,
		control: await (options.control === undefined ? controlFor(area, kind) : knownControl(options.control)),
	});
}

async function subjectOf({ evidence, path, value }: Options): Promise<{ kind: string; path: string; value: string }> {
	if (evidence === undefined && path === undefined && value === undefined) return { kind: defaults.evidence, path: defaults.path, value: defaults.value };
	if (path === undefined || value === undefined) throw new UsageError("give --path and --value too: what the check judges, and the value that passes");
	const kind = evidence ?? defaults.evidence;
	if (kind.startsWith("derived."))
		throw new UsageError(`${kind} is derived, so that its cases need what it is made from: start from a check on it in checks/policies`);
	if (!/^[A-Za-z_]\w*(?:\.\w+)*$/.test(path)) throw new UsageError(`${JSON.stringify(path)} is no dotted path, such as ${defaults.path}`);
	if (!/^[\x20-\x7e]+$/.test(value) || /["\\#]/.test(value)) throw new UsageError("--value is plain text in one line, without quotes, backslashes and #");
	// All collectors are loaded for this, so that it comes last.
	const [{ targetTypes }, { currentSupply }] = await Promise.all([import("../model/evidence.ts"), import("../pipeline/supply.ts")]);
	const supplied = [...new Set(targetTypes.flatMap((type) => [...currentSupply().kinds(type)]))].sort();
	if (!supplied.includes(kind)) {
		const near = supplied.filter((one) => one.includes(kind) || kind.split(/[._]/).some((word) => word.length > 3 && one.includes(word)));
		throw new UsageError(
			`no collector supplies ${kind}${near.length === 0 ? "" : `; near to it: ${near.slice(0, 8).join(", ")}`}. A new kind begins with: npm run new -- collector <name>`,
		);
	}
	return { kind, path, value };
}

/** The control that the most checks of the area, else on the kind, prove. */
async function controlFor(area: string, kind: string): Promise<string> {
	const { allChecks } = await import("../checks/engine/policy-lock.ts");
	const counts = new Map<string, number>();
	const checks = allChecks();
	const own = checks.filter((check) => check.id.startsWith(`${area}.`));
	for (const check of own.length > 0 ? own : checks.filter((one) => one.evidence.includes(kind))) {
		for (const control of check.controls) counts.set(control, (counts.get(control) ?? 0) + 1);
	}
	const [best] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
	if (best === undefined) throw new UsageError(`no check tells which control ${area} is about: give --control, an id of checks/frameworks/hipaa.yaml`);
	return best[0];
}

async function knownControl(id: string): Promise<string> {
	const { loadFramework } = await import("../checks/frameworks/frameworks.ts");
	if (loadFramework("nprm-2025").controls.some((control) => control.id === id)) return id;
	throw new UsageError(`${id} is no control of checks/frameworks`);
}

/** Writes all files or none: a folder that holds anything is left as it is. */
function write(root: string, { files }: Scaffold): void {
	for (const folder of new Set(files.map((file) => dirname(file.path)))) {
		const path = join(root, folder);
		if (existsSync(path) && readdirSync(path).length > 0) throw new UsageError(`${folder} exists and is not empty: nothing is overwritten`);
	}
	for (const { path, text } of files) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text, { flag: "wx" });
	}
}

try {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { evidence: { type: "string" }, path: { type: "string" }, value: { type: "string" }, control: { type: "string" } },
	});
	const [what, name, ...rest] = positionals;
	if (what === undefined || name === undefined || rest.length > 0) throw new UsageError(usage);
	const scaffold = await scaffoldOf(what, name, values);
	write(join(import.meta.dirname, ".."), scaffold);
	for (const { path } of scaffold.files) process.stdout.write(`wrote ${path}\n`);
	process.stdout.write(`next:\n${scaffold.next.map((step) => `- ${step}\n`).join("")}`);
} catch (error) {
	const isUsage = error instanceof UsageError || (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
	if (!isUsage) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 2;
}
