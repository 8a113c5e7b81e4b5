/** Where in a message a text stands; the names of the content rules. */
export const contentPositions = [
	...["subject", "preheader", "from_name", "reply_to_name", "from_address", "reply_to_address", "list_id", "x_header", "message_id"],
	...["list_unsubscribe", "list_unsubscribe_post", "ses_tag", "configuration_set", "template_name", "attachment_name", "url", "alt_text"],
	...["title_attribute", "body_html", "body_text", "hidden_text", "list_name", "list_tag", "list_column", "segment_name", "segment_predicate"],
] as const;
export type ContentPosition = (typeof contentPositions)[number];

/** A piece of text of a message and the place of its first unit in the source it was read from. */
export interface Span {
	position: ContentPosition;
	text: string;
	/** UTF-16 units from the start of the source; -1 where it was decoded and has no place there. */
	offset: number;
}
