import { stat } from "node:fs/promises";
import { type AwsRequest, namesOf } from "../checks/aws/open.ts";
import type { Config, DomainConfig } from "../model/config.ts";
import type { Target, TargetType } from "../model/evidence.ts";
import { ioMessage } from "../model/input-file.ts";
import { InputError, type Problem } from "../model/source.ts";
import { refuseNamedPipe } from "./named-pipe.ts";

/** What one run is asked to look at. Paths are kept as the user wrote them for display and opened as `open` says. */
export interface Request {
	domains: DomainConfig[];
	/** Plan, state or cdk.tf.json files. */
	plans: string[];
	records: string | undefined;
	content: string[];
	/** DMARC aggregate and TLS reports: files, or folders of them. */
	reports?: string[];
	/** AWS accounts; undefined: none. Their targets, account/region, are known once the credentials were asked who they are. */
	aws?: AwsRequest | undefined;
	/** From a path as written to the path to open (those of mailward.yaml are relative to its folder). */
	open(path: string): string;
}

export function requestTargets(request: Request): Target[] {
	return unique([
		...request.domains.map((domain): Target => ({ id: domain.name, type: "domain" })),
		...request.plans.map((plan): Target => ({ id: plan, type: "plan" })),
		...(request.records === undefined ? [] : [{ id: request.records, type: "records" } satisfies Target]),
		...request.content.map((path): Target => ({ id: path, type: "content" })),
		...(request.reports ?? []).map((path): Target => ({ id: path, type: "reports" })),
	]);
}

/** Targets under the names they have before anyone is asked: for --dry-run. */
export function namedTargets(request: Request): Target[] {
	const accounts = request.aws === undefined ? [] : namesOf(request.aws).map((id): Target => ({ id, type: "account" }));
	return [...requestTargets(request), ...accounts];
}

/**
 * Throws InputError for targets on disk that are not there, all at once and before anything is written or contacted. A records
 * folder whose name was mistyped must not read as a register without records.
 */
export async function checkInputs(request: Request, sends: readonly string[] = []): Promise<void> {
	const problems: Problem[] = [];
	for (const path of sends) {
		try {
			await stat(request.open(path));
		} catch (error) {
			problems.push({ file: path, line: 1, column: 1, message: ioMessage(error) });
		}
	}
	for (const { id, type } of requestTargets(request)) {
		if (type !== "plan" && type !== "records" && type !== "content" && type !== "reports") continue;
		const remedy =
			type === "records"
				? "; mailward init writes a records/ skeleton"
				: type === "plan"
					? "; synthesize the stack, or write the plan with: terraform show -json"
					: "";
		try {
			const stats = await stat(request.open(id));
			if (type === "plan") await refuseNamedPipe(request.open(id), id);
			if (stats.isDirectory() && type === "plan")
				problems.push({ file: id, line: 1, column: 1, message: "is a directory; name the file in it, such as cdk.tf.json" });
		} catch (error) {
			if (error instanceof InputError) throw error;
			const message = ioMessage(error);
			problems.push({ file: id, line: 1, column: 1, message: message === "no such file" ? `no such file or folder${remedy}` : message });
		}
	}
	if (problems.length > 0) throw new InputError(problems);
}

/** Inputs that were not asked for: they yield no results and are listed in scope.notRequested. */
export function notRequested(request: Request): string[] {
	const missing: string[] = [];
	if (request.domains.length === 0) missing.push("domains");
	if (request.plans.length === 0) missing.push("plan");
	if (request.aws === undefined) missing.push("aws");
	if (request.records === undefined) missing.push("records");
	if (request.content.length === 0) missing.push("content");
	if ((request.reports ?? []).length === 0) missing.push("reports");
	return missing;
}

/** Targets found by several collectors or domains become one that counts for all of them. */
export function unique(targets: readonly Target[]): Target[] {
	const byId = new Map<string, Target>();
	for (const target of targets) {
		const key = `${target.type} ${target.id}`;
		const known = byId.get(key);
		if (known === undefined) byId.set(key, { ...target });
		else if (target.domains !== undefined) known.domains = [...new Set([...(known.domains ?? []), ...target.domains])];
	}
	return [...byId.values()];
}

/** The order in which targets are collected: files before the network, so that wrong input ends a run before it contacts anyone. */
export const collectOrder: readonly TargetType[] = ["records", "plan", "content", "reports", "domain", "mx", "account"];

/** The order in which targets stand in documents: as given, MX addresses after the domains that named them. */
export function documentOrder(targets: readonly Target[]): Target[] {
	const rank: Record<TargetType, number> = { domain: 0, mx: 1, plan: 2, account: 3, records: 4, content: 5, reports: 6 };
	return [...targets].sort((a, b) => rank[a.type] - rank[b.type]);
}

export function domainLookup(config: Config, request: Request): (name: string) => DomainConfig | undefined {
	const byName = new Map([...config.domains, ...request.domains].map((domain) => [domain.name, domain]));
	return (name) => byName.get(name);
}
