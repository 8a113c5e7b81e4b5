# METADATA
# title: Nothing on the way strips STARTTLS
# description: |
#   A middlebox that takes STARTTLS out of the server's answer sends every message in clear text, and from one network alone that
#   looks like the server's own word.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10]
#   reference: [STLS-02]
#   evidence: [derived.starttls_path]
#   expected: the same EHLO keywords from two networks, STARTTLS among them, and none overwritten
#   citations: ["RFC 3207 6"]
#   remediation: |
#     Look at firewalls that inspect SMTP on the path of the network named (Cisco "fixup", "inspect esmtp"), and turn the inspection off.
#     For a second view: mailward probe DOMAIN --key FILE on another network, and scan with --evidence.
package policies.smtp.starttls_not_stripped

import data.policies.lib.evidence

resources contains server if some server in evidence.of("derived.starttls_path")

deny contains evidence.finding_with(
	server,
	"differences",
	"another network sees other EHLO keywords",
	{"observed": evidence.shown(server, "differences")},
) if {
	some server in resources
	count(server.differences) > 0
}

deny contains evidence.finding(server, "overwritten", "a keyword is overwritten on the way") if {
	some server in resources
	server.overwritten
}

deny contains evidence.finding(server, "offered", "STARTTLS is offered to neither network") if {
	some server in resources
	evidence.at_least(server, "compared", 1)
	count(server.differences) == 0
	not server.offered
}

deny contains evidence.finding(server, "same", "there is no second view") if {
	some server in resources
	count(server.differences) == 0
	not server.same
}
