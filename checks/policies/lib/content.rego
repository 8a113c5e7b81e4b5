# METADATA
# title: Where things stand in a message
# description: Positions of templates and messages, and classes of their fields.
package policies.lib.content

import data.policies.lib.evidence

# Seen before a message is opened.
preview_positions := {"subject", "preheader", "from_name", "reply_to_name"}

body_positions := {"body_html", "body_text", "hidden_text", "url", "alt_text", "title_attribute", "attachment_name"}

# Read by logs, dashboards, proxies and whoever sees a link.
carried_positions := {
	"url",
	"attachment_name",
	"alt_text",
	"title_attribute",
	"x_header",
	"message_id",
	"ses_tag",
	"configuration_set",
	"template_name",
}

# Classes of fields that say something about a person.
personal_classes := {"identifier", "relationship", "phi"}

# Hits that are text of the message itself, at or above the threshold of their position.
hits(item, positions, detector, threshold) := [hit |
	some hit in item.hits
	hit.detector == detector
	hit.position in positions
	evidence.at_least(hit, "score", threshold)
]
