import type { AggregatorConfig } from "../../model/config.ts";
import type { AggregatorLook } from "../../model/evidence.ts";
import { describeSources, selectAggregate } from "./config-service.ts";
import { errorOfCall } from "./errors.ts";
import { parseRow, type RecordedRow, type RecordedType } from "./recorded-row.ts";
import { recordsContinuously } from "./recorder.ts";
import type { AwsSession } from "./session.ts";
import type { Place } from "./table.ts";

/** The settings that AWS Config recorded of one account in one Region, as far as they may stand in for a call. */
export interface RecordedSettings {
	/** The action whose answer a row is. */
	readonly action: string;
	/** The row of a resource, by AWS Config's type and resourceId; undefined: ask the service itself. */
	row(type: RecordedType, id: string): Promise<RecordedRow | undefined>;
	/** Counts a call that a row stood in for. */
	stoodIn(): void;
}

/** A query of one Region of one account is kept while it is read; accounts are read some at a time. */
const keptQueries = 32;

/** Clocks of two machines differ by less. */
const skewMs = 300_000;

/**
 * An aggregator of AWS Config, asked by the account that holds it. It saves calls and decides nothing else: what exists is listed in the
 * account itself, a row that is missing, unreadable, ambiguous or too old says nothing, and a fault of the aggregator leaves the calls that
 * it would have saved. It speaks for an account and Region only where AWS says that the source was aggregated, and where that account's own
 * recorder says that it runs and records the type as it changes.
 */
export class Aggregator {
	readonly #session: AwsSession;
	readonly #region: string;
	readonly #settings: AggregatorConfig;
	readonly #account: string;
	readonly #queries = new Map<string, Promise<ReadonlyMap<string, RecordedRow | null>>>();
	#sources: Promise<ReadonlySet<string>> | undefined;
	#answers = 0;
	#failure: AggregatorLook["failure"] = null;

	constructor(session: AwsSession, account: string, region: string, settings: AggregatorConfig) {
		this.#session = session;
		this.#account = account;
		this.#region = region;
		this.#settings = settings;
	}

	/** What became of it, once everything was read. */
	look(): AggregatorLook {
		const { name, maxAgeHours } = this.#settings;
		return { name, account: this.#account, region: this.#region, maxAgeHours, answers: this.#answers, failure: this.#failure };
	}

	/** What it may tell of one target, whose own session is asked about its recorder. */
	settingsOf(session: AwsSession, place: Place): RecordedSettings {
		return {
			action: selectAggregate.action,
			row: async (type, id) => {
				if (!(await this.#covers(place)) || !(await recordsContinuously(session, place.region, type.name))) return undefined;
				const row = (await this.#rows(type, place)).get(id) ?? undefined;
				return row !== undefined && this.#isFresh(row, place.now) ? row : undefined;
			},
			stoodIn: () => {
				this.#answers++;
			},
		};
	}

	#isFresh({ capturedAt }: RecordedRow, now: string): boolean {
		const age = Date.parse(now) - Date.parse(capturedAt);
		return age >= -skewMs && age <= this.#settings.maxAgeHours * 3_600_000;
	}

	async #covers({ account, region }: Place): Promise<boolean> {
		this.#sources ??= this.#answered(describeSources.action, new Set<string>(), () => this.#askSources());
		return (await this.#sources).has(`${account}/${region}`);
	}

	/** Accounts and Regions of which AWS says that their data was moved; OUTDATED and FAILED are no such word. */
	async #askSources(): Promise<Set<string>> {
		const succeeded = new Set<string>();
		const others = new Set<string>();
		const input = { ConfigurationAggregatorName: this.#settings.name, Limit: 100 };
		for await (const page of this.#session.pages(describeSources, input, this.#region)) {
			for (const source of page.AggregatedSourceStatusList ?? []) {
				if (source.SourceType !== "ACCOUNT") continue;
				(source.LastUpdateStatus === "SUCCEEDED" ? succeeded : others).add(`${source.SourceId}/${source.AwsRegion}`);
			}
		}
		return succeeded.difference(others);
	}

	#rows(type: RecordedType, place: Place): Promise<ReadonlyMap<string, RecordedRow | null>> {
		const key = `${type.name} ${place.account}/${place.region}`;
		let rows = this.#queries.get(key);
		if (rows === undefined) {
			rows = this.#answered(selectAggregate.action, new Map<string, RecordedRow | null>(), () => this.#select(type, place));
			this.#queries.set(key, rows);
			const [oldest] = this.#queries.keys();
			if (this.#queries.size > keptQueries && oldest !== undefined) this.#queries.delete(oldest);
		}
		return rows;
	}

	/** The rows by resourceId; null where two rows claim the same resource. */
	async #select(type: RecordedType, place: Place): Promise<Map<string, RecordedRow | null>> {
		const rows = new Map<string, RecordedRow | null>();
		const input = { ConfigurationAggregatorName: this.#settings.name, Expression: expressionOf(type, place), Limit: 100 };
		for await (const page of this.#session.pages(selectAggregate, input, this.#region)) {
			for (const text of page.Results ?? []) {
				const row = parseRow(text, type, place);
				if (row !== undefined) rows.set(row.id, rows.has(row.id) ? null : row);
			}
		}
		return rows;
	}

	/** A call that fails tells nothing, and why is kept for the reader; half of an answer is no answer. */
	async #answered<Facts>(action: string, nothing: Facts, ask: () => Promise<Facts>): Promise<Facts> {
		try {
			return await ask();
		} catch (error) {
			if (!(error instanceof Error)) throw error;
			const { code, message } = errorOfCall(error, action);
			this.#failure ??= { code, message };
			return nothing;
		}
	}
}

/** Account numbers and Regions are AWS's own, of digits, letters and hyphens: there is nothing to quote. */
function expressionOf({ name, properties }: RecordedType, { account, region }: Place): string {
	const fields = ["accountId", "awsRegion", "resourceType", "resourceId", "configurationItemCaptureTime", "configurationItemStatus", ...properties];
	return `SELECT ${fields.join(", ")} WHERE resourceType = '${name}' AND accountId = '${account}' AND awsRegion = '${region}'`;
}
