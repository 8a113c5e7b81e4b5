import type { ResultDocument, ResultItem } from "../../model/result.ts";
import { reasonText } from "../internal/reason-text.ts";
import { compareResults } from "../internal/report-model.ts";
import { count } from "../internal/text.ts";

export interface Notification {
	/** The first of the results it speaks of. */
	item: ResultItem;
	level: "error" | "warning";
	text: string;
}

/** Each check and reason without a verdict, once, however many resources it concerns. */
export function notificationsOf(document: ResultDocument): Notification[] {
	const groups = new Map<string, ResultItem[]>();
	for (const item of [...document.results].sort(compareResults)) {
		if (item.state !== "not_assessed") continue;
		const key = JSON.stringify([item.check, item.reason?.code, item.reason?.detail]);
		const group = groups.get(key);
		if (group === undefined) groups.set(key, [item]);
		else group.push(item);
	}
	const notifications: Notification[] = [];
	for (const items of groups.values()) {
		const item = items[0];
		if (item === undefined) continue;
		const kind = item.reason?.kind ?? "error";
		const text = `${item.check} was not assessed on ${count(items.length, "resource")}: ${reasonText(item) ?? "no reason given"}`;
		notifications.push({ item, level: kind === "error" || kind === "permission" ? "error" : "warning", text });
	}
	return notifications;
}
