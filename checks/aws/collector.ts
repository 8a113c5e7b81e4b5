import { listingId } from "../../model/evidence.ts";
import type { Collector } from "../collectors/collector.ts";
import { aggregatorActions } from "./config-service.ts";
import { from, readTable } from "./read-table.ts";
import type { AnyTable } from "./table.ts";

export interface AwsCollectorOptions {
	/** The folder's name, aws-sesv2. */
	id: string;
	tables: readonly AnyTable[];
	/**
	 * Terraform types that name resources of another kind here a second time: a live account shows aws_ses_domain_identity as
	 * aws_sesv2_email_identity. They are listed with none as soon as the kind that shows them was listed.
	 */
	shownBy?: Readonly<Record<string, string>>;
}

/** A collector of one AWS service from its tables. Its permissions and kinds follow from them. */
export function awsCollector({ id, tables, shownBy = {} }: AwsCollectorOptions): Collector {
	const iamActions = [...new Set(tables.flatMap((table) => table.operations.map((operation) => operation.action)))].sort();
	const recorded = tables.some(({ table }) => Object.values(table.details ?? {}).some((detail) => detail.recorded !== undefined));
	const shown = Object.entries(shownBy);
	const global = tables.filter((table) => table.global).flatMap((table) => table.kinds);
	return {
		id,
		target: "account",
		produces: [...tables.flatMap((table) => table.kinds), ...shown.map(([kind]) => kind)],
		global: [...global, ...shown.flatMap(([kind, of]) => (global.includes(of) ? [kind] : []))],
		iamActions,
		touches: (_target, { config }) => {
			const asked = recorded && config.aws?.accounts.some((account) => account.aggregator !== undefined) === true ? aggregatorActions : [];
			return [`AWS: ${[...iamActions, ...asked].join(", ")}`];
		},
		async *collect(target, context) {
			const opened = context.aws?.open(target);
			if (opened === undefined) throw new Error(`${target.id} is no account of this run`);
			const reading = { ...opened, context, collector: id, target: target.id };
			// A kind that stands for another needs the other's listing, asked for or not.
			const wanted = context.wants;
			const wants = (kind: string): boolean => wanted === undefined || wanted(kind) || shown.some(([alias, of]) => of === kind && wanted(alias));
			for (const table of tables) {
				for (const item of await readTable(table, { ...reading, context: { ...context, wants } })) {
					yield item;
					if (item.kind !== "listing") continue;
					for (const [kind] of shown.filter(([, of]) => item.id === listingId(of, target.id))) {
						const complete = item.status === "ok";
						yield { ...item, id: listingId(kind, target.id), values: { kind, target: target.id, count: 0, complete }, ...from([item.source.call], reading) };
					}
				}
			}
		},
	};
}
