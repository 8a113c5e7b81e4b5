# METADATA
# title: Who may do something
# description: |
#   Reads the lists of access items: certain, and undecided, which is missing or a gap where something could not be read.
#   Nobody is named by silence: a list that is not there denies.
package policies.lib.access

import data.policies.lib.evidence

# A finding for each part of a list that names a principal outside of the allowed ones. `scope` is the value that says
# whether the item is in scope at all: where that is not known, a finding rests on it.
findings(item, scope, list, allowed, message) := {finding |
	some part in ["certain", "undecided"]
	not _all_allowed(item, list, part, allowed)
	named := _strangers(item, list, part, allowed)
	path := _path(item, scope, concat(".", [list, part]))
	finding := evidence.finding_with(item, path, _text(named, message), {"observed": named})
}

# Where the allowed ones are a declaration that was not made, own users and roles are found all the same, and of little
# weight: the answer is for a reader.
weighed(finding, allowed) := object.union(finding, {"severity": "low"}) if {
	count(allowed) == 0
	every entry in finding.observed {
		entry.is in {"user", "role"}
	}
} else := finding

_path(item, scope, path) := path if {
	item[scope] == true
} else := scope

_all_allowed(item, list, part, allowed) if {
	entries := item[list][part]
	every entry in entries {
		_allowed(entry.principal, allowed)
	}
}

_allowed(principal, allowed) if principal in allowed

# A pattern ends with *, as arn:aws:iam::111122223333:role/mail-* does.
_allowed(principal, allowed) if {
	some pattern in allowed
	endswith(pattern, "*")
	startswith(principal, trim_suffix(pattern, "*"))
}

_strangers(item, list, part, allowed) := [entry |
	some entry in object.get(item, [list, part], [])
	principal := object.get(entry, "principal", "")
	not _allowed(principal, allowed)
]

_text([], message) := message

_text(named, message) := sprintf("%s: %s", [message, concat(", ", names)]) if {
	count(named) > 0
	names := _first([entry.principal | some entry in named])
}

_first(names) := names if count(names) <= 5

_first(names) := array.concat(array.slice(names, 0, 5), [sprintf("and %d more", [count(names) - 5])]) if {
	count(names) > 5
}
