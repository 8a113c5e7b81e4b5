import { awsCollector } from "../../aws/collector.ts";
import { signedApi } from "../../aws/signed.ts";
import { listOf, table } from "../../aws/table.ts";

// AWS Artifact answers in one Region for the whole account.
const artifact = signedApi({ service: "artifact", region: "us-east-1", global: true });

interface Agreement {
	name?: string;
	arn?: string;
	id?: string;
	agreementArn?: string;
	awsAccountId?: string;
	organizationArn?: string;
	effectiveStart?: number | string;
	effectiveEnd?: number | string;
	state?: string;
	type?: string;
}

/** AWS writes instants as seconds since 1970 or as text, by protocol. */
function instant(value: number | string | undefined): string | undefined {
	if (value === undefined) return undefined;
	return new Date(typeof value === "number" ? value * 1000 : value).toISOString();
}

const agreements = table({
	list: listOf(
		artifact<{ nextToken?: string }, { customerAgreements?: Agreement[]; nextToken?: string }>(
			"ListCustomerAgreements",
			({ nextToken }) => ({
				method: "GET",
				path: "/v1/customer-agreement/list",
				query: { maxResults: "100", ...(nextToken === undefined ? {} : { nextToken }) },
			}),
			{ expects: ["customerAgreements"], next: (page) => (page.nextToken ? { nextToken: page.nextToken } : undefined) },
		),
		{},
		(page) => page.customerAgreements,
	),
	id: (one) => one.arn ?? one.id ?? "",
	kinds: {
		"aws.artifact_agreement": {
			map: (one) => ({
				id: one.arn ?? one.id ?? "",
				values: {
					arn: one.arn,
					name: one.name,
					state: one.state,
					type: one.type,
					account: one.awsAccountId,
					organization_arn: one.organizationArn,
					effective_start: instant(one.effectiveStart),
					effective_end: instant(one.effectiveEnd),
				},
			}),
		},
	},
});

/** Agreements accepted in AWS Artifact, the business associate addendum among them; their texts are not fetched. */
export default awsCollector({ id: "aws-artifact", tables: [agreements] });
