# METADATA
# title: Evidence lookups and the finding shape
# description: |
#   input.evidence maps each declared kind to its items: the item's values with _id, _kind, _status ("ok" or "absent")
#   and, where there are any, _references and _unknown. Errored and unknown values are not here, so a positive helper over them is undefined and
#   its negation denies; the engine then turns that denial into not_assessed.
package policies.lib.evidence

# Items of a kind that were seen.
of(kind) := [item | some item in object.get(input.evidence, kind, []); item._status == "ok"]

# Items of a kind that were seen, or seen to be absent (NXDOMAIN, NoSuchLifecycleConfiguration).
known(kind) := object.get(input.evidence, kind, [])

# Value at a dotted path, or null.
at(item, path) := object.get(item, split(path, "."), null)

# True if the value at a path names the target: by its id, its arn or its name, or by a reference the plan tells of.
refers(item, path, target) if target._id in object.get(item, ["_references", path], [])

refers(item, path, target) if {
	value := at(item, path)
	is_string(value)
	value in _identities(target)
}

# True if it cannot be told yet whether the value at a path names the target: a denial for want of such an item rests on it.
may_refer(item, path) if path in object.get(item, "_unknown", [])

_identities(target) := {value |
	some key in ["_id", "id", "arn", "name", "bucket", "configuration_set_name", "email_identity"]
	value := target[key]
	is_string(value)
}

# A denial on one item. The engine adds observed (the value at the path), expected and severity from the metadata.
finding(item, path, message) := {"resource": item._id, "path": path, "message": message}

# The same with more: {"severity": lower than the check's, "expected": text, "observed": value, "restsOn": [ids of related items]}.
finding_with(item, path, message, more) := object.union(finding(item, path, message), more)
