# METADATA
# title: Firehose streams log their errors
# description: >-
#   A stream that cannot deliver drops records in silence unless it logs why.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-05]
#   reference: [FH-01]
#   evidence: [derived.delivery_stream]
#   expected: cloudwatch_logging_options.enabled true
#   remediation: |
#     CDKTF and Terraform: set cloudwatch_logging_options { enabled = true } with a log group and stream in the destination.
#     AWS CLI: aws firehose update-destination --delivery-stream-name NAME ... CloudWatchLoggingOptions
package policies.streams.errors_logged

import data.policies.lib.evidence

resources contains stream if some stream in evidence.of("derived.delivery_stream")

deny contains evidence.finding(stream, "errorsLogged", "the stream does not log errors of delivery") if {
	some stream in resources
	not stream.errorsLogged == true
}
