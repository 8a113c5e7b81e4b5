/** Check and resource -> status, or why there is none. */
type Statuses = ReadonlyMap<string, string>;

/**
 * Where two documents of one stack (synthesized, planned, applied) get other verdicts. What either says is known only after apply is
 * compared with nothing: a state knows it and a plan does not. Whether a check has anything in its scope can be among it, so that a
 * resource that one of the two does not have in scope must only not fail in the other.
 */
export function differences(expected: Statuses, actual: Statuses): string[] {
	return [...new Set([...expected.keys(), ...actual.keys()])].flatMap((key) => {
		const [was, is] = [expected.get(key), actual.get(key)];
		const pair = [was, is];
		if (was === is) return [];
		const agrees = pair.includes(undefined) ? !pair.includes("fail") : pair.includes("unknown_until_apply");
		return agrees ? [] : [`${key} is ${is ?? "missing"}, ${was ?? "missing"} in the synthesized stack`];
	});
}
