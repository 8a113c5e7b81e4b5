import { type NetworkConfig, type NetworkInput, networkConfigSchema } from "../../model/config.ts";
import { InputError, problemsOf } from "../../model/source.ts";

/** The settings under network.* with their defaults. Throws InputError naming every field that is wrong, and what is expected there. */
export function readNetwork(input: NetworkInput): NetworkConfig {
	const parsed = networkConfigSchema.safeParse(input);
	if (parsed.success) return parsed.data;
	const source = { file: "network", value: input, locate: () => ({ line: 1, column: 1 }) };
	throw new InputError(
		problemsOf(parsed.error, source, networkConfigSchema).map(({ field, ...problem }) => ({
			...problem,
			field: field === undefined || field === "" ? "network" : `network.${field}`,
		})),
	);
}

/** Refuses an option that a caller in JavaScript got wrong. Throws InputError. */
export function expectOption(field: string, holds: boolean, expected: string): void {
	if (!holds) throw new InputError([{ file: "options", line: 1, column: 1, field, message: `expected ${expected}` }]);
}
