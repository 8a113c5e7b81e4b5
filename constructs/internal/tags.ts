import { Aspects, type IAspect, TerraformResource, Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import type { PropRule } from "./prop-checks.ts";

/** Keys and values as AWS takes them for every service; "aws:" is its own. */
export const tagRule: PropRule = {
	wanted: "tags of 1 to 128 and 0 to 256 letters, digits, spaces and the signs _ . : / = + - @",
	remedy: 'write them such as {Owner: "security@clinic.example"}; no key begins with "aws:"',
};

export function areTags(tags: Readonly<Record<string, string>>): boolean {
	return Object.entries(tags).every(
		([key, value]) => /^(?!aws:)[\w .:/=+@-]{1,128}$/i.test(key) && (Token.isUnresolved(value) || /^[\w .:/=+@-]{0,256}$/.test(value)),
	);
}

/** Puts tags on each resource at and below a construct that takes tags; a resource's own ones win. */
export function tagAll(scope: Construct, tags: Readonly<Record<string, string>>): void {
	Aspects.of(scope).add(new Tagging(tags));
}

class Tagging implements IAspect {
	readonly #tags: Readonly<Record<string, string>>;

	constructor(tags: Readonly<Record<string, string>>) {
		this.#tags = tags;
	}

	visit(node: IConstruct): void {
		if (isTaggable(node)) node.tags = { ...this.#tags, ...node.tagsInput };
	}
}

interface Taggable {
	tags: Record<string, string>;
	readonly tagsInput: Record<string, string> | undefined;
}

/** The provider's classes have the getter "tagsInput" where a resource takes tags. */
function isTaggable(node: IConstruct): node is IConstruct & Taggable {
	return TerraformResource.isTerraformResource(node) && "tagsInput" in node;
}
