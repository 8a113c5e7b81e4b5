import { dirname, isAbsolute, resolve } from "node:path";
import { effectiveParameters } from "../checks/engine/parameters.ts";
import { allChecks } from "../checks/engine/policy-lock.ts";
import { parseEndpoint } from "../checks/network/address.ts";
import { canonicalJson, sha256Hex } from "../model/canonical.ts";
import { type Config, configSchema, type Judgement, judgementSchema } from "../model/config.ts";
import { readInputFile } from "../model/input-file.ts";
import { InputError, nearestKey, type PathSegment, type Problem, parseYamlSource, problemsOf, type YamlSource } from "../model/source.ts";
import { accentProblem } from "../reports/theme/theme.ts";
import { refuseNamedPipe } from "./named-pipe.ts";

/** Reads and validates mailward.yaml. Throws InputError with file, line, field and remedy for every problem at once. */
export async function loadConfig(file: string): Promise<Config> {
	const remedy = "write one with: mailward init";
	await refuseNamedPipe(file, file, remedy);
	const octets = await readInputFile(file, file, { remedy });
	const source = parseYamlSource(octets, file);
	const parsed = configSchema.safeParse(source.value ?? {});
	if (!parsed.success) throw new InputError(problemsOf(parsed.error, source, configSchema));
	const problems = [
		...endpointProblems(parsed.data, source),
		...parameterProblems(parsed.data, source),
		...accountProblems(parsed.data, source),
		...accentProblems(parsed.data, source),
	];
	if (problems.length > 0) throw new InputError(problems);
	return parsed.data;
}

/** What only looks like an address: found here, where its line is known. */
function endpointProblems({ network }: Config, source: YamlSource): Problem[] {
	const problems: Problem[] = [];
	for (const [index, resolver] of network.resolvers.entries()) {
		if (parseEndpoint(resolver, 53) === undefined) problems.push(problemAt(source, ["network", "resolvers", index], `"${resolver}" is not ip or ip:port`));
	}
	for (const [from, to] of Object.entries(network.connect)) {
		for (const end of [from, to]) {
			if (parseEndpoint(end) !== undefined) continue;
			problems.push(problemAt(source, ["network", "connect", from], `"${end}" is not ip:port; write IPv6 as [2001:db8::1]:25`, end === from));
		}
	}
	return problems;
}

/** A report in colours that cannot be read is refused before the scan and not after it. */
function accentProblems({ report }: Config, source: YamlSource): Problem[] {
	const problems: Problem[] = [];
	for (const [name, scheme] of [
		["accent", "light"],
		["accentDark", "dark"],
	] as const) {
		const colour = report.theme?.[name];
		const problem = colour === undefined ? null : accentProblem(colour, scheme);
		if (problem !== null) problems.push(problemAt(source, ["report", "theme", name], problem));
	}
	return problems;
}

/** A role in the members of no organization would be taken nowhere. */
function accountProblems({ aws }: Config, source: YamlSource): Problem[] {
	return (aws?.accounts ?? []).flatMap((account, index) =>
		account.memberRole !== undefined && account.organization !== true
			? [
					problemAt(
						source,
						["aws", "accounts", index, "memberRole"],
						"is the role in the members of an organization; set organization: true beside it, or leave it out",
						true,
					),
				]
			: [],
	);
}

/** A threshold under a name that no check has would be a threshold that nobody applies. */
function parameterProblems({ parameters }: Config, source: YamlSource): Problem[] {
	const problems: Problem[] = [];
	const checks = allChecks();
	for (const [id, configured] of Object.entries(parameters)) {
		const check = checks.find((one) => one.id === id);
		if (check === undefined) {
			const near = nearestKey(
				id,
				checks.map((one) => one.id),
			);
			problems.push(
				problemAt(source, ["parameters", id], `no check has this id${near === undefined ? "; see mailward checks" : `; did you mean ${near}?`}`, true),
			);
			continue;
		}
		for (const name of Object.keys(configured)) {
			const [problem] = effectiveParameters(check, { [name]: configured[name] }).problems;
			if (problem !== undefined) problems.push(problemAt(source, ["parameters", id, name], problem.slice(problem.indexOf(": ") + 2), true));
		}
	}
	return problems;
}

function problemAt(source: YamlSource, path: readonly PathSegment[], message: string, onKey = false): Problem {
	return { file: source.file, ...source.locate(path, onKey), field: path.join("."), message };
}

/** Paths in mailward.yaml are relative to its folder. */
export function fromConfig(configFile: string, path: string): string {
	return isAbsolute(path) ? path : resolve(dirname(configFile), path);
}

export function judgementOf(config: Config): Judgement {
	return judgementSchema.parse({ entity: config.entity, parameters: config.parameters, accept: config.accept, report: config.report });
}

export function configSha256(config: Config): string {
	return sha256Hex(canonicalJson(config));
}
