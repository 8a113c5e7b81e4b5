# METADATA
# title: Routes to name servers and MX hosts are covered by RPKI
# description: A route without origin validation can be taken over by any network that announces it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [ADM-13]
#   reference: [DNS-02]
#   evidence: [derived.route]
#   expected: origin validation state valid
#   citations: ["RFC 6811 2"]
#   remediation: |
#     Ask the network that announces the route for a route origin authorization.
package policies.dns.routes_covered

import data.policies.lib.evidence

resources contains route if some route in evidence.of("derived.route")

deny contains evidence.finding_with(route, "state", _message(route), {"observed": evidence.shown(route, "state")}) if {
	some route in resources
	not route.state == "valid"
}

_message(route) := "the route is announced against its authorization" if {
	route.state == "invalid"
} else := "the route has no authorization"
