# METADATA
# title: Every record that could reveal a vendor was read
# description: A vendor may hide behind a name that could not be looked up.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-05, BAA-01]
#   reference: [VENDOR-01]
#   evidence: [derived.vendor_scan]
#   expected: MX, TXT, SPF includes and DKIM selectors all answered
#   remediation: |
#     Repair the name that could not be looked up, then scan again.
package policies.vendors.all_seen

import data.policies.lib.evidence

resources contains scan if some scan in evidence.of("derived.vendor_scan")

deny contains evidence.finding(scan, "complete", "a name that may reveal vendors could not be looked up") if {
	some scan in resources
	not _complete(scan)
}

_complete(scan) if scan.complete == true
