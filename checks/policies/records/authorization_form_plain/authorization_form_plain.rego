# METADATA
# title: Authorization forms are written in plain language
# description: The regulation asks for plain language and sets no grade; the limit is a default of this project. A form whose grade is not on record is told by records.authorization_form_complete.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [PRV-06]
#   reference: [LNG-001]
#   evidence: [record.authorization-form]
#   method: examine
#   expected: a reading grade at or below the limit
#   citations: ["45 CFR 164.508(c)(3)"]
#   parameters:
#     maxGrade: {default: 8, stricter: lower, description: "Highest Flesch-Kincaid grade of the text, headings, signature block and legal names left out."}
#   remediation: |
#     Write the form in shorter sentences and common words, measure it again, and register the new text as a version of its own.
package policies.records.authorization_form_plain

import data.policies.lib.evidence

resources contains form if {
	some form in evidence.of("record.authorization-form")
	evidence.is_set(form, "readingGrade")
}

deny contains evidence.finding_with(
	form,
	"readingGrade",
	"the text reads harder than plain language",
	{"expected": sprintf("at most grade %v", [input.parameters.maxGrade])},
) if {
	some form in resources
	not evidence.at_most(form, "readingGrade", input.parameters.maxGrade)
}
