/** The props that are set: under exactOptionalPropertyTypes an unset one must be left out, not handed on as undefined. */
export function defined<T extends object>(props: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	const set: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
	for (const key of Object.keys(props) as (keyof T)[]) {
		const value = props[key];
		if (value !== undefined) set[key] = value as Exclude<T[typeof key], undefined>;
	}
	return set;
}
