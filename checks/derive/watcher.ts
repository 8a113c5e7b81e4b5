import type { Evidence, Gap } from "../../model/evidence.ts";
import { isAccount } from "./alarm-acts.ts";
import type { DerivationView, DerivedItem } from "./derivation.ts";

/** One item per account and Region: whether a service watches it, {on, by}, told by the first item that `watches`. */
export function watcher(view: DerivationView, kind: string, of: string, watches: (item: Evidence) => boolean | "unknown"): DerivedItem {
	const items = view.items(of).filter(({ status }) => status !== "absent");
	const on = items.find((item) => item.status === "ok" && watches(item) === true);
	if (on !== undefined) return { kind, id: view.target, values: { on: true, by: on.id }, basis: [on] };
	const unknown = items.find((item) => item.status === "ok" && watches(item) === "unknown");
	const hidden = items.find((item) => item.status === "error");
	const open = isAccount(view.target) ? ("not_collected" as const) : ("unknown_until_apply" as const);
	const fault = hidden?.error ?? (unknown === undefined ? undefined : { code: open, detail: unknown.id });
	const gaps: Record<string, Gap> =
		fault === undefined ? {} : { on: fault.detail === undefined ? { code: fault.code } : { code: fault.code, detail: fault.detail } };
	return { kind, id: view.target, values: { on: false, by: null }, gaps, basis: items };
}
