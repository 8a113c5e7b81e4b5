/** Instance key of a resource or module: a number with count, a string with for_each, none otherwise. */
export type InstanceKey = number | string | undefined;

/** `aws_s3_bucket.b[0]`, `module.x["k"].aws_s3_bucket.b`: as Terraform prints addresses. */
export function resourceAddress(module: string, type: string, name: string, key: InstanceKey): string {
	return `${module === "" ? "" : `${module}.`}${type}.${name}${keyText(key)}`;
}

export function keyText(key: InstanceKey): string {
	if (key === undefined) return "";
	if (typeof key === "number") return `[${key}]`;
	// JSON's escapes are those of Terraform; besides them Terraform doubles what would begin a template.
	return `["${JSON.stringify(key)
		.slice(1, -1)
		.replace(/[$%]\{/g, (start) => start[0] + start)}"]`;
}

/** The address without its own instance key and without those of its modules. */
export function withoutKeys(address: string): string {
	return address.replace(/\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]/g, "");
}

/** `module.a["k"].module.b` of an address, or "". */
export function moduleOf(address: string): string {
	return /^(?:module\.[^.[\]]+(?:\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\])?\.)+/.exec(address)?.[0].slice(0, -1) ?? "";
}
