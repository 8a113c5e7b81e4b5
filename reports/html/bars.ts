import type { Totals } from "../../model/result.ts";
import { countsText } from "./rows.ts";
import type { View } from "./view.ts";
import { figures, stateOrder } from "./words.ts";

/** Units of the drawing across; the file stretches it to the width of its column. */
const width = 1000;
const gap = 4;
/** A state with one result among thousands must still be seen. */
const least = 10;

/** A stacked bar of counts by state, drawn here, so that the report needs no script. The label says the same in words. */
export function barView(counts: Totals, name: string): View {
	const { total } = figures(counts);
	const present = stateOrder.filter((state) => counts[state] > 0);
	const room = width - gap * Math.max(0, present.length - 1);
	const widths = present.map((state) => Math.max(least, Math.floor((room * counts[state]) / total)));
	let used = 0;
	for (const part of widths) used += part;
	// What rounding left over or took too much belongs to the longest part.
	const longest = widths.indexOf(Math.max(...widths));
	if (longest >= 0) widths[longest] = (widths[longest] ?? 0) + room - used;
	const segments: View[] = [];
	let x = 0;
	for (const [index, state] of present.entries()) {
		const part = widths[index] ?? 0;
		segments.push({ state: state.replace("_", "-"), x, width: part });
		x += part + gap;
	}
	return { segments, label: `${name}: ${countsText(counts)}` };
}
