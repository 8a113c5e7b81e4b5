/**
 * What the name of a placeholder tells of its value. A reference to an attribute of this kind is one name of one thing, however
 * it will read: it has no wildcard in it.
 */
export function isOneThing(placeholder: string): boolean {
	return isOwnAccount(placeholder) || /\.(?:arn|account_id|id|unique_id|owner_id|owner|name|bucket|key_id)\}$/.test(placeholder);
}

/** The account that the plan is made for. */
export function isOwnAccount(placeholder: string): boolean {
	return /^\$\{(?:module\.[\w"[\]-]+\.)*data\.aws_caller_identity\.[\w"[\]-]+\.(?:account_id|id)\}$/.test(placeholder);
}

/** The ARN of something that the same plan manages. */
export function isOwnArn(placeholder: string): boolean {
	return /^\$\{(?:module\.[\w"[\]-]+\.)*aws_\w+\.[\w"[\]-]+\.arn\}$/.test(placeholder);
}
