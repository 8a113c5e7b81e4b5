import type { Construct } from "constructs";

/**
 * A name for a resource that must have one, from the construct's place in the tree: mail/settings gives mail-settings.
 * Letters, digits and hyphens only. Where that is too long or loses a character of the path, it ends in a part of the
 * construct's address, so that two paths never give one name by shortening.
 */
export function physicalName(scope: Construct, maxLength: number): string {
	const joined = scope.node.path.replaceAll("/", "-");
	const name = joined.replaceAll(/[^A-Za-z0-9-]+/g, "-").replaceAll(/^-+|-+$/g, "");
	if (name === joined && name.length <= maxLength) return name;
	const suffix = scope.node.addr.slice(-8);
	return `${name.slice(0, maxLength - suffix.length - 1)}-${suffix}`;
}
