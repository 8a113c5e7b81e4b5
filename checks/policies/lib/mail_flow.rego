# METADATA
# title: Whether mail or mail events pass through a resource
# description: |
#   Reads derived.mail_flow. A resource is left out only if it is known that nothing of mail passes through it; where that
#   cannot be told, it stays in, and a denial of it rests on what is not known.
package policies.lib.mail_flow

import data.policies.lib.evidence

# True if it is known that neither mail nor mail events pass through.
off(resource) if {
	some way in evidence.of("derived.mail_flow")
	way.resource == resource._id
	way.carries == false
}

# What a denial on the resource rests on besides the resource.
rests(resource) := [{"id": way._id, "path": "carries"} |
	some way in evidence.of("derived.mail_flow")
	way.resource == resource._id
]
