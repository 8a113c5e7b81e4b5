import { z } from "zod";
import { inOrder, withRules } from "./rules.ts";
import { date, staffReference, text } from "./shared.ts";

/**
 * What a log says of itself. An empty log is stated, with the period that it covers and by whom; it is never taken for
 * "nothing happened".
 */
export const logStatement = withRules(
	z.strictObject({
		from: date,
		confirmedThrough: date.describe("Up to this day the log is complete"),
		confirmedBy: staffReference,
		note: text.optional(),
	}),
	(value) => inOrder(value, "from", "confirmedThrough"),
);
export type LogStatement = z.infer<typeof logStatement>;
