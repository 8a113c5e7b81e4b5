import { type Registers, registersSchema } from "../../model/registers.ts";
import type { ResultDocument } from "../../model/result.ts";

export interface ReadRegisters {
	known: Registers;
	/** Parts that this version has no form for: shown as they are. */
	others: [string, unknown][];
}

/** The registers of a document. Each part is read by itself: one of another version does not take the rest with it. */
export function readRegisters(document: ResultDocument): ReadRegisters {
	const known: Record<string, unknown> = {};
	const others: [string, unknown][] = [];
	for (const [name, value] of Object.entries(document.records)) {
		const schema = Object.hasOwn(registersSchema.shape, name) ? registersSchema.shape[name as keyof Registers] : undefined;
		const parsed = schema?.safeParse(value);
		if (parsed?.success) known[name] = parsed.data;
		else others.push([name, value]);
	}
	return { known: known as Registers, others };
}
