import { resourceAddress } from "./addresses.ts";
import { isObject, type JsonObject, member } from "./json-value.ts";
import { fault } from "./octets.ts";

export interface ConfiguredResource {
	mode: "managed" | "data";
	type: string;
	name: string;
	body: JsonObject;
	/** `aws_s3_bucket.b` or `data.aws_region.r`. */
	address: string;
}

export interface NamedBlock {
	name: string;
	body: JsonObject;
}

/** One root module of Terraform's JSON configuration syntax, taken apart. */
export interface Configuration {
	resources: ReadonlyMap<string, ConfiguredResource>;
	locals: ReadonlyMap<string, unknown>;
	variables: ReadonlyMap<string, JsonObject>;
	outputs: readonly NamedBlock[];
	/** Their resources stand elsewhere, out of this file's reach. */
	modules: readonly NamedBlock[];
}

/** The bodies of a block: JSON syntax writes one as an object, several as an array, at every level of labels. */
export function bodiesOf(value: unknown): JsonObject[] {
	if (Array.isArray(value)) return value.flatMap(bodiesOf);
	return isObject(value) ? [value] : [];
}

function labelled(value: unknown): [string, unknown][] {
	return bodiesOf(value).flatMap((body) => Object.entries(body).filter(([label]) => label !== "//"));
}

function named(value: unknown): NamedBlock[] {
	const found: NamedBlock[] = [];
	for (const [name, inner] of labelled(value)) for (const body of bodiesOf(inner)) found.push({ name, body });
	return found;
}

/** Throws InputError where a resource is declared twice, as Terraform does. */
export function readConfiguration(root: JsonObject, file: string): Configuration {
	const resources = new Map<string, ConfiguredResource>();
	for (const mode of ["managed", "data"] as const) {
		for (const [type, byName] of labelled(member(root, mode === "data" ? "data" : "resource"))) {
			for (const [name, inner] of labelled(byName)) {
				for (const body of bodiesOf(inner)) {
					const address = resourceAddress(mode === "data" ? "data" : "", type, name, undefined);
					if (resources.has(address)) throw fault(file, `${address} is declared twice; Terraform refuses that`);
					resources.set(address, { mode, type, name, body, address });
				}
			}
		}
	}
	const locals = new Map<string, unknown>(labelled(member(root, "locals")));
	const variables = new Map(named(member(root, "variable")).map(({ name, body }) => [name, body]));
	return { resources, locals, variables, outputs: named(member(root, "output")), modules: named(member(root, "module")) };
}

/** The waiver that waivedBy of mailward/testing names at a resource: {"//": {"mailward": {"waiver": "id"}}}. */
export function waiverNamed(body: JsonObject): string | undefined {
	const id = member(member(member(body, "//"), "mailward"), "waiver");
	return typeof id === "string" && id !== "" ? id.slice(0, 500) : undefined;
}

/** cdktf's construct path, from the comment it leaves in each block. */
export function constructPath(body: JsonObject): string | undefined {
	const path = member(member(member(body, "//"), "metadata"), "path");
	return typeof path === "string" && path !== "" ? path.slice(0, 500) : undefined;
}
