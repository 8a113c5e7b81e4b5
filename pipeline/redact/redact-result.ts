import { isIP } from "node:net";
import type { AccountLook, AggregatorLook, Evidence, Target } from "../../model/evidence.ts";
import type { ConfigRuleSays, ConformancePacks, ResultDocument, ResultItem } from "../../model/result.ts";
import type { NameClass, Names } from "./names.ts";
import { leftOut, Scrubber } from "./scrub.ts";

/** Attributes whose values name something of somebody's. */
const naming =
	/(?:^|[_.]|[a-z](?=[A-Z]))(?:names?|ids?|arns?|buckets?|e?mails?|owners?|users?|domains?|hosts?|vendors?|organi[sz]ation|address(?:es)?|phone|topic|queue|zone)$/i;

/**
 * A result in which what identifies somebody is replaced by ordinal names: account ids, ARNs, addresses, domains and hosts, names of
 * resources, records, files, people and the entity. What people wrote is left out: nobody can tell what it holds. Hashes and
 * fingerprints are replaced by keyed ones. Verdicts, counts, times and the tool's own words stay.
 */
export class ResultRedaction {
	readonly #result: ResultDocument;
	readonly #names: Names;
	readonly #scrubber: Scrubber;
	readonly #targets: ReadonlyMap<string, Target>;

	constructor(result: ResultDocument, names: Names) {
		this.#result = result;
		this.#names = names;
		this.#scrubber = new Scrubber(names, vocabularyOf(result));
		this.#targets = new Map(result.scope.targets.map((target) => [target.id, target]));
		this.#collect();
	}

	/** Takes names out of an item of evidence: a bucket's may stand in a message that speaks of its policy. */
	learn(item: Evidence): void {
		if (item.kind === "listing") return;
		const look = (value: unknown, key: string): void => {
			if (typeof value === "string") {
				if (naming.test(key) && value.length >= 3 && value.length <= 500 && !/^\d{1,4}$/.test(value)) this.#learnName(value);
			} else if (Array.isArray(value)) for (const one of value) look(one, key);
			else if (value !== null && typeof value === "object") for (const [name, member] of Object.entries(value)) look(member, name);
		};
		look(item.values, "");
		this.#subject(item.id, item.kind);
	}

	/** To be called once, after all evidence was learnt. */
	redacted(): ResultDocument {
		this.#scrubber.prepare();
		const result = this.#result;
		const { run, entity } = result;
		return {
			...result,
			run: {
				...run,
				configSha256: this.#names.keyed(run.configSha256),
				caller: run.caller === null ? null : { account: this.#free(run.caller.account), arn: this.#free(run.caller.arn) },
				vantage: {},
				...(run.accounts === undefined ? {} : { accounts: run.accounts.map((look) => this.#account(look)) }),
				...(run.aggregators === undefined ? {} : { aggregators: run.aggregators.map((look) => this.#aggregator(look)) }),
				...(run.baseline === undefined
					? {}
					: { baseline: { ...run.baseline, source: this.#names.of("file", run.baseline.source), sha256: this.#names.keyed(run.baseline.sha256) } }),
			},
			entity: { ...entity, legalName: this.#names.of("entity", entity.legalName), excluded: entity.excluded.map(() => ({ what: leftOut, reason: leftOut })) },
			scope: { ...result.scope, targets: result.scope.targets.map((target) => this.#target(target)) },
			parameters: result.parameters.map((one) => ({ ...one, value: this.#value(one.value), default: this.#value(one.default) })),
			accepted: result.accepted.map((one) => ({ ...one, why: leftOut, by: leftOut })),
			results: result.results.map((item) => this.#item(item)),
			controls: result.controls.map((control) => ({
				...control,
				title: this.#own(control.title),
				reason: control.reason === null ? null : { ...control.reason, detail: this.#freeOrNull(control.reason.detail) },
				attestation: this.#decision(control.attestation),
				results: control.results.map((id) => this.#names.keyed(id)),
			})),
			deniedCalls: result.deniedCalls.map((one) => ({ ...one, call: this.#free(one.call), target: this.#id(one.target), message: this.#free(one.message) })),
			...(result.conformancePacks === undefined ? {} : { conformancePacks: this.#packs(result.conformancePacks) }),
			records: this.#records(result.records),
			evidence: result.evidence.map((ref) => ({
				...ref,
				sha256: this.#names.keyed(ref.sha256),
				id: this.#subject(ref.id, ref.kind),
				call: this.#free(ref.call),
			})),
			report: { classification: this.#free(result.report.classification), paperSize: result.report.paperSize },
		};
	}

	/** Originals that stand in a text all the same. */
	leaks(text: string): string[] {
		return [...new Set(this.#scrubber.leaks(text))];
	}

	/** Every name of a structured place is known before any text is looked at. */
	#collect(): void {
		const result = this.#result;
		this.#names.of("entity", result.entity.legalName);
		for (const target of result.scope.targets)
			for (const domain of target.type === "domain" ? [target.id] : (target.domains ?? [])) this.#names.of("domain", domain);
		for (const target of result.scope.targets) this.#target(target);
		if (result.run.caller !== null) this.#names.of("account", result.run.caller.account);
		for (const item of result.results) {
			for (const domain of item.domains) this.#names.of("domain", domain);
			this.#subject(item.resource, item.check);
		}
		for (const ref of result.evidence) this.#subject(ref.id, ref.kind);
		for (const says of result.results.flatMap((item) => item.configRules ?? [])) this.#rule(says);
		if (result.conformancePacks !== undefined) this.#packs(result.conformancePacks);
		for (const look of result.run.accounts ?? []) this.#account(look);
		for (const look of result.run.aggregators ?? []) this.#aggregator(look);
	}

	#item(item: ResultItem): ResultItem {
		return {
			...item,
			id: this.#names.keyed(item.id),
			title: this.#own(item.title),
			target: this.#id(item.target),
			resource: this.#subject(item.resource, item.check),
			domains: item.domains.map((domain) => this.#names.of("domain", domain)),
			reason: item.reason === null ? null : { ...item.reason, detail: this.#freeOrNull(item.reason.detail) },
			message: this.#free(item.message),
			path: this.#freeOrNull(item.path),
			observed: this.#value(item.observed),
			expected: this.#freeOrNull(item.expected),
			denials: item.denials.map((denial) => ({
				...denial,
				path: this.#freeOrNull(denial.path),
				message: this.#free(denial.message),
				observed: this.#value(denial.observed),
				expected: this.#freeOrNull(denial.expected),
			})),
			citations: item.citations.map((citation) => this.#own(citation)),
			remediation: this.#own(item.remediation),
			evidence: item.evidence.map((hash) => this.#names.keyed(hash)),
			...(item.configRules === undefined ? {} : { configRules: item.configRules.map((says) => this.#rule(says)) }),
			waiver: this.#decision(item.waiver),
			...(item.namedWaiver === undefined ? {} : { namedWaiver: this.#decision(item.namedWaiver) ?? "" }),
			attestation: this.#decision(item.attestation),
		};
	}

	/** Rules and packs are named by people. */
	#rule({ rule, packs, evidence, ...says }: ConfigRuleSays): ConfigRuleSays {
		return {
			...says,
			rule: this.#names.of("name", rule),
			...(packs === undefined ? {} : { packs: packs.map((pack) => this.#names.of("name", pack)) }),
			evidence: this.#names.keyed(evidence),
		};
	}

	#packs({ packs, unread }: ConformancePacks): ConformancePacks {
		return {
			packs: packs.map((one) => ({ ...one, target: this.#id(one.target), pack: this.#names.of("name", one.pack) })),
			unread: unread.map((target) => this.#id(target)),
		};
	}

	#account(look: AccountLook): AccountLook {
		const { account, arn, reason } = look;
		if (arn !== null) this.#learnName(arn);
		return {
			...look,
			account: this.#holder(account),
			arn: this.#freeOrNull(arn),
			reason: reason === null ? null : { ...reason, message: this.#free(reason.message) },
		};
	}

	#aggregator(look: AggregatorLook): AggregatorLook {
		const { name, account, failure } = look;
		return {
			...look,
			name: this.#names.of("name", name),
			account: this.#holder(account),
			failure: failure === null ? null : { ...failure, message: this.#free(failure.message) },
		};
	}

	/** An account by its number or role, or by what was to lead there: a profile is named after somebody. */
	#holder(account: string): string {
		if (/^\d{12}$/.test(account)) return this.#names.of("account", account);
		return /\d{12}/.test(account) ? this.#free(account) : this.#names.of("name", account);
	}

	#target(target: Target): Target {
		const domains = target.domains?.map((domain) => this.#names.of("domain", domain));
		return { ...target, id: this.#id(target.id), ...(domains === undefined ? {} : { domains }) };
	}

	/** A target's id, or what a call that failed was about. */
	#id(id: string): string {
		const target = this.#targets.get(id);
		if (target === undefined) return this.#subject(id, "");
		if (target.type === "domain") return this.#names.of("domain", id);
		if (target.type === "mx" || target.type === "account") return this.#parts(id, "host");
		return this.#names.of("file", id);
	}

	/** What a result or an item of evidence is about; the kind of evidence says what it is called. */
	#subject(id: string, kind: string): string {
		if (this.#targets.has(id)) return this.#id(id);
		const address = /^((?:module\.[^.]+\.)*(?:data\.)?([a-z][a-z0-9]*_[a-z0-9_]+))\.(.+)$/s.exec(id);
		if (address !== null) return `${address[2]}.${this.#names.of("resource", id)}`;
		if (this.#scrubber.isWord(id)) return id;
		const known = this.#names.known(id);
		if (known !== undefined) return known.name;
		const listing = /^([a-z0-9_.-]+)@(.+)$/s.exec(id);
		if (listing !== null && (kind === "listing" || this.#targets.has(listing[2] ?? ""))) return `${listing[1]}@${this.#id(listing[2] ?? "")}`;
		if (id.startsWith("arn:")) {
			this.#learnName(id);
			return this.#names.of("arn", id);
		}
		if (id.includes("|")) return this.#parts(id, "host");
		if (kind.startsWith("record")) return this.#names.of("record", id);
		if (isIP(id) !== 0) return this.#names.of("address", id);
		if (/^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+$/u.test(id)) return this.#names.of("host", id);
		return this.#names.of("resource", id);
	}

	/** host|address|port, account/Region: each part by what it is. */
	#parts(id: string, kind: NameClass): string {
		return id
			.split(/([|/])/)
			.map((part) => {
				if (/^(?:[|/]?|\d{1,5}|[a-z]{2}(?:-[a-z]+)+-\d)$/.test(part)) return part;
				if (/^\d{12}$/.test(part)) return this.#names.of("account", part);
				return this.#names.of(isIP(part) === 0 ? kind : "address", part);
			})
			.join("");
	}

	#learnName(text: string): void {
		if (text.startsWith("arn:")) {
			this.#names.of("arn", text);
			const [, , , , account = "", ...rest] = text.split(":");
			if (/^\d{12}$/.test(account)) this.#names.of("account", account);
			for (const part of rest.join(":").split(/[:/]/)) if (part.length >= 3 && !this.#scrubber.isWord(part) && !/^[*\d]+$/.test(part)) this.#learnName(part);
			return;
		}
		if (/^\d{12}$/.test(text)) this.#names.of("account", text);
		else if (text.includes("@")) this.#names.of("mailbox", text);
		else if (isIP(text) !== 0) this.#names.of("address", text);
		// A reference of a plan says where a value comes from; the parts are words of Terraform.
		else if (!text.includes("${") && !this.#scrubber.isWord(text)) this.#names.of("name", text);
	}

	/** Aggregates keep their figures; of what people wrote in waivers and attestations nothing stays. */
	#records(records: ResultDocument["records"]): ResultDocument["records"] {
		const figures = (value: unknown): unknown => {
			if (typeof value === "string") return /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : (this.#names.known(value)?.name ?? leftOut);
			if (Array.isArray(value)) return value.map(figures);
			if (value === null || typeof value !== "object") return value;
			return Object.fromEntries(
				Object.entries(value).map(([key, member]) => [this.#free(key), key === "id" ? this.#decision(String(member)) : figures(member)]),
			);
		};
		return figures(records) as ResultDocument["records"];
	}

	#decision(id: string | null): string | null {
		return id === null ? null : this.#names.of("decision", id);
	}

	#value(value: unknown): unknown {
		if (typeof value === "string") return this.#free(value);
		if (Array.isArray(value)) return value.map((one) => this.#value(one));
		if (value === null || typeof value !== "object") return value;
		return Object.fromEntries(Object.entries(value).map(([key, member]) => [this.#free(key), this.#value(member)]));
	}

	#free(text: string): string {
		return this.#scrubber.text(text, "free");
	}

	#freeOrNull(text: string | null): string | null {
		return text === null ? null : this.#free(text);
	}

	#own(text: string): string {
		return this.#scrubber.text(text, "own");
	}
}

/** The words of the texts that come from the catalogue and not from what was looked at. */
function vocabularyOf(result: ResultDocument): Set<string> {
	// Offices of 45 CFR 164.308(a)(2) and 164.530(a)(1): the report names who signs by them, whoever holds them.
	const words = new Set<string>(["mailward", "security official", "privacy official"]);
	const add = (text: string): void => {
		for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?/gu))
			for (const one of [word, ...word.split(/[.-]/)]) if (one !== "") words.add(one);
	};
	for (const item of result.results) for (const text of [item.check, item.title, item.remediation, ...item.citations, ...item.controls]) add(text);
	for (const control of result.controls) for (const text of [control.id, control.title, control.family, ...control.citations]) add(text);
	for (const ref of result.evidence) add(ref.kind);
	return words;
}
