# METADATA
# title: What policy documents admit
# description: |
#   Derived items of policy documents hold lists in two parts: certain, and undecided where a plan's placeholders decide.
#   A finding on the second is a gap of the item, so that the engine turns it into not_assessed.
package policies.lib.documents

import data.policies.lib.evidence

# A finding for each part of a list that holds something.
listed(item, list, message) := {evidence.finding(item, concat(".", [list, part]), message) |
	some part in ["certain", "undecided"]
	not _empty(item, list, part)
}

_empty(item, list, part) if item[list][part] == []

# A finding for each part of the outsiders that holds one of an account that is not trusted. An account that may be the
# own one stands among the unplaced.
strangers(item, trusted, message) := {evidence.finding_with(item, concat(".", ["outsiders", part]), message, {
	"observed": [one | some one in object.get(item, ["outsiders", part], []); not one.account in trusted],
}) |
	some part in ["certain", "undecided", "unplaced"]
	not _all_trusted(item, part, trusted)
}

_all_trusted(item, part, trusted) if {
	entries := item.outsiders[part]
	every entry in entries {
		entry.account in trusted
	}
}
