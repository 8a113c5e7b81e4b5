import type { Resolver } from "../resolver.ts";
import type { IpAddress } from "./address.ts";
import { inNetwork, parseIp, reverseName } from "./address.ts";
import type { MacroValues } from "./expand.ts";
import { expandDomain, expandText } from "./expand.ts";
import type { Looked } from "./lookup.ts";
import { ask, readAddresses, readExchanges, readPointers, readTexts, spfRecords } from "./lookup.ts";
import type { MacroToken } from "./macro.ts";
import { parseMacroString } from "./macro.ts";
import { domainProblem, nameProblem, toAsciiDomain } from "./name.ts";
import { networkOf } from "./network.ts";
import type { SpfMechanism, SpfModifier, SpfQualifier } from "./record.ts";
import { parseSpf } from "./record.ts";

export type SpfResult = "none" | "neutral" | "pass" | "fail" | "softfail" | "temperror" | "permerror";

export interface CheckHostOptions {
	/** The client's address; an IPv4-mapped IPv6 address counts as IPv4. */
	ip: string;
	/** MAIL FROM, with or without angle brackets. Empty or "<>": postmaster@helo. Without a local part: postmaster. */
	sender: string;
	helo?: string;
	resolver: Resolver;
	/** Value of %{r}; default "unknown" (RFC 7208 7.3). */
	receiver?: string;
	/** Value of %{t}; default the system's clock. */
	now?: Date;
	/** Terms that cause lookups; default 10 (4.6.4). */
	maxLookups?: number;
	/** Lookups without an answer; default 2 (4.6.4). */
	maxVoidLookups?: number;
	/** Ends the evaluation with temperror, for the time limit of 4.6.4. */
	signal?: AbortSignal;
}

export interface CheckHostResult {
	result: SpfResult;
	/** Only with "fail", from the record that decided (6.2). Printable ASCII, at most 4096 characters. Text of a stranger: escape it. */
	explanation?: string;
	/** The directive that decided, as published. Absent: none matched, or there was nothing to match. */
	mechanism?: string;
	lookups: number;
	voidLookups: number;
}

/** Ends the whole evaluation (4.6.4, 5): thrown inside this file only. */
class Stop extends Error {
	readonly result: "temperror" | "permerror";
	constructor(result: "temperror" | "permerror") {
		super(result);
		this.result = result;
	}
}

interface Verdict {
	result: SpfResult;
	mechanism?: string;
	/** For exp: the record's modifier and the domain it stands at. */
	exp?: SpfModifier;
	domain: string;
}

/** Whatever the caller asks for, an evaluation ends: an unlimited count would make a loop endless. */
const absoluteMaximum = 1000;
const maxExplanation = 4096;
/** RFC 5321 allows a path of 256 octets; anything far beyond is no sender that a server would have accepted. */
const maxIdentity = 1024;

/** check_host() of RFC 7208 section 4 for one identity. Never throws for what DNS, sender or HELO hold. */
export async function checkHost(options: CheckHostOptions): Promise<CheckHostResult> {
	return new Evaluation(options).run();
}

class Evaluation {
	readonly #options: CheckHostOptions;
	readonly #maxLookups: number;
	readonly #maxVoid: number;
	#ip: IpAddress = { family: 4, bits: 0n };
	#localPart = "postmaster";
	#senderDomain = "";
	#helo = "unknown";
	#lookups = 0;
	#voids = 0;
	#validated: Promise<{ names: string[]; failed: boolean }> | undefined;

	constructor(options: CheckHostOptions) {
		this.#options = options;
		this.#maxLookups = bounded(options.maxLookups, 10);
		this.#maxVoid = bounded(options.maxVoidLookups, 2);
	}

	async run(): Promise<CheckHostResult> {
		const verdict = await this.#start();
		const explanation = verdict.result === "fail" ? await this.#explain(verdict) : undefined;
		return {
			result: verdict.result,
			...(explanation === undefined ? {} : { explanation }),
			...(verdict.mechanism === undefined ? {} : { mechanism: verdict.mechanism }),
			lookups: this.#lookups,
			voidLookups: this.#voids,
		};
	}

	async #start(): Promise<Verdict> {
		const { ip, sender, helo = "" } = this.#options;
		const parsed = parseIp(ip);
		// Not an address: nothing can be told about it, and "permerror" is the result that nobody takes for a pass.
		if (parsed === undefined) return { result: "permerror", domain: "" };
		this.#ip = parsed;
		if (sender.length > maxIdentity || helo.length > maxIdentity) return { result: "none", domain: "" };
		const heloName = toAsciiDomain(helo.trim());
		if (heloName !== "") this.#helo = stripDot(heloName);
		const trimmed = sender.trim();
		const path = trimmed.startsWith("<") && trimmed.endsWith(">") ? trimmed.slice(1, -1) : trimmed;
		const at = path.lastIndexOf("@");
		if (at > 0) this.#localPart = path.slice(0, at);
		this.#senderDomain = stripDot(toAsciiDomain(path === "" ? heloName : path.slice(at + 1)));
		try {
			return await this.#check(this.#senderDomain, true);
		} catch (error) {
			if (error instanceof Stop) return { result: error.result, domain: "" };
			throw error;
		}
	}

	/** One recursion step; "none" when the domain has no record. */
	async #check(domain: string, first = false): Promise<Verdict> {
		if (domainProblem(domain) !== undefined) return { result: "none", domain };
		const looked = readTexts(await this.#ask(domain, "TXT"));
		if (looked.state === "error") throw new Stop("temperror");
		if (looked.state === "void" && !first) this.#countVoid();
		const [text, second] = looked.state === "found" ? spfRecords(looked.values) : [];
		if (text === undefined) return { result: "none", domain };
		if (second !== undefined) throw new Stop("permerror");
		const parsed = parseSpf(text);
		if (!parsed.ok) throw new Stop("permerror");
		const { record } = parsed;
		for (const mechanism of record.mechanisms) {
			if (await this.#matches(mechanism, domain)) {
				return { result: resultOf(mechanism.qualifier), mechanism: mechanism.text, domain, ...(record.exp === undefined ? {} : { exp: record.exp }) };
			}
		}
		if (record.redirect?.tokens === undefined || record.mechanisms.some((mechanism) => mechanism.name === "all")) return { result: "neutral", domain };
		this.#countLookup();
		const target = await this.#expand(record.redirect.tokens, domain);
		const verdict = await this.#check(target);
		// 6.1: no record at the target is permerror; the target's own exp is used, never this record's.
		if (verdict.result === "none") throw new Stop("permerror");
		return verdict;
	}

	async #matches(mechanism: SpfMechanism, domain: string): Promise<boolean> {
		switch (mechanism.name) {
			case "all":
				return true;
			case "ip4":
			case "ip6":
				return matchesNetwork(this.#ip, mechanism);
		}
		this.#countLookup();
		const target = mechanism.tokens === undefined ? domain : await this.#expand(mechanism.tokens, domain);
		if (mechanism.name === "include") {
			const verdict = await this.#check(target);
			// 5.2: fail, softfail and neutral do not match; errors have ended the evaluation already.
			if (verdict.result === "none") throw new Stop("permerror");
			return verdict.result === "pass";
		}
		// 4.8 leaves malformed target-names open; like most implementations: no match, and nothing is asked.
		if (nameProblem(target) !== undefined) return false;
		switch (mechanism.name) {
			case "a":
				return this.#addressMatches(target, mechanism);
			case "mx":
				return this.#mxMatches(target, mechanism);
			case "exists": {
				// 5.7: an A query whatever the client's family.
				const looked = readAddresses(await this.#ask(target, "A"), 4);
				return this.#settle(looked).length > 0;
			}
			case "ptr":
				return this.#ptrMatches(target);
		}
		return false;
	}

	async #addressMatches(name: string, mechanism: SpfMechanism): Promise<boolean> {
		const family = this.#ip.family;
		const looked = readAddresses(await this.#ask(name, family === 4 ? "A" : "AAAA"), family);
		const prefix = (family === 4 ? mechanism.prefix4 : mechanism.prefix6) ?? (family === 4 ? 32 : 128);
		return this.#settle(looked).some((address) => inNetwork(this.#ip, address, prefix));
	}

	async #mxMatches(name: string, mechanism: SpfMechanism): Promise<boolean> {
		const looked = readExchanges(await this.#ask(name, "MX"));
		const records = this.#settle(looked);
		// 4.6.4: more than ten MX records is permerror; they are counted before they are compared, so their order does not matter.
		if (records.length > 10) throw new Stop("permerror");
		for (const exchange of new Set(records.map((record) => record.exchange))) {
			if (nameProblem(exchange) === undefined && (await this.#addressMatches(exchange, mechanism))) return true;
		}
		return false;
	}

	async #ptrMatches(target: string): Promise<boolean> {
		const { names } = await this.#validate(true);
		const wanted = stripDot(target).toLowerCase();
		return names.some((name) => name === wanted || name.endsWith(`.${wanted}`));
	}

	/**
	 * The validated names of the client (5.5), asked once in an evaluation. A failing PTR lookup means no match, a
	 * failing address lookup skips that name; neither is temperror.
	 */
	async #validate(counted: boolean): Promise<{ names: string[]; failed: boolean }> {
		this.#validated ??= this.#lookUpNames();
		const validated = await this.#validated;
		if (counted && validated.failed) this.#countVoid();
		return validated;
	}

	async #lookUpNames(): Promise<{ names: string[]; failed: boolean }> {
		const looked = readPointers(await this.#ask(reverseName(this.#ip), "PTR"));
		if (looked.state !== "found") return { names: [], failed: looked.state === "void" };
		const names: string[] = [];
		const family = this.#ip.family;
		for (const name of looked.values.slice(0, 10)) {
			if (nameProblem(name) !== undefined) continue;
			const addresses = readAddresses(await this.#ask(name, family === 4 ? "A" : "AAAA"), family);
			if (addresses.state === "found" && addresses.values.some((address) => address.bits === this.#ip.bits)) names.push(name);
		}
		return { names, failed: false };
	}

	async #explain(verdict: Verdict): Promise<string | undefined> {
		if (verdict.exp?.tokens === undefined) return undefined;
		const target = await this.#expand(verdict.exp.tokens, verdict.domain);
		if (nameProblem(target) !== undefined) return undefined;
		const looked = readTexts(await this.#ask(target, "TXT"));
		// 6.2: an error, none, several, or a syntax error: as if there were no exp.
		if (looked.state !== "found" || looked.values.length !== 1) return undefined;
		const parsed = parseMacroString(looked.values[0] ?? "", "explanation");
		if (!parsed.ok) return undefined;
		const text = expandText(parsed.tokens, await this.#values(parsed.tokens, verdict.domain), maxExplanation);
		return text === undefined || text === "" || /[^\x20-\x7e]/.test(text) ? undefined : text;
	}

	async #expand(tokens: readonly MacroToken[], domain: string): Promise<string> {
		return expandDomain(tokens, await this.#values(tokens, domain));
	}

	async #values(tokens: readonly MacroToken[], domain: string): Promise<MacroValues> {
		const values: MacroValues = {
			ip: this.#ip,
			localPart: this.#localPart,
			senderDomain: this.#senderDomain,
			domain,
			helo: this.#helo,
			receiver: this.#options.receiver ?? "unknown",
			timestamp: Math.floor((this.#options.now ?? new Date()).getTime() / 1000),
		};
		if (!tokens.some((token) => token.kind === "macro" && token.letter === "p")) return values;
		const { names } = await this.#validate(false);
		const current = domain.toLowerCase();
		// 7.3: the domain itself, else a name below it, else any.
		const name = names.find((known) => known === current) ?? names.find((known) => known.endsWith(`.${current}`)) ?? names[0];
		return name === undefined ? values : { ...values, validatedName: name };
	}

	async #ask(name: string, type: "A" | "AAAA" | "MX" | "PTR" | "TXT") {
		if (this.#options.signal?.aborted === true) throw new Stop("temperror");
		return ask(this.#options.resolver, name, type, this.#options.signal);
	}

	/** Section 5: a lookup that fails ends the evaluation; one without an answer counts as void. */
	#settle<T>(looked: Looked<T>): T[] {
		if (looked.state === "error") throw new Stop("temperror");
		if (looked.state === "found") return looked.values;
		this.#countVoid();
		return [];
	}

	#countLookup(): void {
		this.#lookups += 1;
		if (this.#lookups > this.#maxLookups) throw new Stop("permerror");
	}

	#countVoid(): void {
		this.#voids += 1;
		if (this.#voids > this.#maxVoid) throw new Stop("permerror");
	}
}

function bounded(value: number | undefined, fallback: number): number {
	if (value === undefined || Number.isNaN(value)) return fallback;
	return Math.max(0, Math.min(value, absoluteMaximum));
}

function stripDot(name: string): string {
	return name.endsWith(".") ? name.slice(0, -1) : name;
}

function resultOf(qualifier: SpfQualifier): SpfResult {
	switch (qualifier) {
		case "+":
			return "pass";
		case "-":
			return "fail";
		case "~":
			return "softfail";
		case "?":
			return "neutral";
	}
}

function matchesNetwork(ip: IpAddress, mechanism: SpfMechanism): boolean {
	const network = networkOf(mechanism);
	return network !== undefined && inNetwork(ip, network.address, network.prefix);
}
