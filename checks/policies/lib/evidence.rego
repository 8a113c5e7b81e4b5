# METADATA
# title: Evidence lookups and the finding shape
# description: |
#   input.evidence maps each declared kind to its items: the item's values with _id, _kind, _status ("ok" or "absent")
#   and, where there are any, _references and _unknown. Errored and unknown values are not here, so a positive helper
#   over them is undefined and its negation denies; the engine then turns that denial into not_assessed.
package policies.lib.evidence

# Items of a kind that were seen.
of(kind) := [item | some item in object.get(input.evidence, kind, []); item._status == "ok"]

# Items of a kind that were seen, or seen to be absent (NXDOMAIN, NoSuchLifecycleConfiguration).
known(kind) := object.get(input.evidence, kind, [])

# Value at a dotted path; undefined where there is none.
at(item, path) := value if {
	value := object.get(item, split(path, "."), null)
	value != null
}

# The same for the options of a finding, where nothing may be undefined: an undefined option would undo the denial
# itself.
shown(item, path) := object.get(item, split(path, "."), null)

# True if there is a value at the path, false included.
is_set(item, path) if at(item, path) != null

# True if the value at a path names the target: by its id, its arn or its name, or by a reference the plan tells of.
refers(item, path, target) if target._id in object.get(item, ["_references", path], [])

refers(item, path, target) if {
	value := at(item, path)
	is_string(value)
	value in _identities(target)
}

# What refers compares, apart: an item names a target at a path if one of names_at(item, path) is one of
# identities(target). A rule over names_at joins many items to many targets and is made once; asking refers of each pair
# takes their product.
names_at(item, path) := union({
	{["reference", id] | some id in object.get(item, ["_references", path], [])},
	{["value", value] | value := at(item, path); is_string(value)},
})

identities(target) := union({{["reference", target._id]}, {["value", value] | some value in _identities(target)}})

# True if it cannot be told yet whether the value at a path names the target: a denial for want of such an item rests
# on it.
may_refer(item, path) if path in object.get(item, "_unknown", [])

# Numbers only: in Rego null is below and text above every number, so a bare comparison would pass them.
at_least(item, path, limit) if {
	value := at(item, path)
	is_number(value)
	is_number(limit)
	value >= limit
}

at_most(item, path, limit) if {
	value := at(item, path)
	is_number(value)
	is_number(limit)
	value <= limit
}

above(item, path, limit) if {
	value := at(item, path)
	is_number(value)
	is_number(limit)
	value > limit
}

# Instants in UTC in RFC 3339, compared up to the second as text.
earlier(a, b) if {
	is_string(a)
	is_string(b)
	substring(a, 0, 19) < substring(b, 0, 19)
}

# True if the value at a path is positively not set: absent, and not merely unknown.
unset(item, path) if {
	not is_set(item, path)
	not _hidden(item, path)
}

_hidden(item, path) if {
	some unknown in object.get(item, "_unknown", [])
	_overlaps(unknown, path)
}

_overlaps(a, b) if a == b

_overlaps(a, b) if startswith(a, concat("", [b, "."]))

_overlaps(a, b) if startswith(b, concat("", [a, "."]))

# True if the value at a path names a customer managed KMS key: a key of the plan, or an ARN or alias other than AWS's
# own.
names_own_key(item, path) if {
	some id in object.get(item, ["_references", path], [])
	contains(id, "aws_kms_")

	# A data source may find a key or alias of AWS's own: that is known only when it is read.
	not contains(id, "data.")
}

names_own_key(item, path) if {
	value := at(item, path)
	is_string(value)
	value != ""
	not contains(value, "alias/aws/")
}

_identities(target) := {value |
	some key in ["_id", "id", "arn", "name", "bucket", "configuration_set_name", "email_identity", "function_name"]
	value := target[key]
	is_string(value)
}

# A denial on one item. The engine adds observed (the value at the path), expected and severity from the metadata.
finding(item, path, message) := {"resource": item._id, "path": path, "message": message}

# The same with more: {"severity": lower than the check's, "expected": text, "observed": value, "restsOn": what the
# denial
# rests on besides the item: {"id", "path"} of values in other items that may be unknown, [] where an item could be
# missing}.
finding_with(item, path, message, more) := object.union(finding(item, path, message), more)
