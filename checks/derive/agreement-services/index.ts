import type { Evidence, Gap } from "../../../model/evidence.ts";
import type { Derivation, DerivedItem } from "../derivation.ts";
import { registerOf } from "../register.ts";

/** Services of AWS that mail, its events, its keys and its logs pass through: by what Terraform calls their resources, and what agreements call them. */
const services: readonly { service: string; also: readonly string[]; kinds: readonly string[] }[] = [
	{
		service: "Amazon SES",
		also: ["Amazon Simple Email Service", "SES"],
		kinds: ["aws_sesv2_configuration_set", "aws_sesv2_email_identity", "aws_ses_configuration_set", "aws_ses_domain_identity", "aws_ses_receipt_rule"],
	},
	{ service: "Amazon S3", also: ["Amazon Simple Storage Service", "S3"], kinds: ["aws_s3_bucket"] },
	{ service: "AWS KMS", also: ["AWS Key Management Service", "KMS"], kinds: ["aws_kms_key"] },
	{ service: "Amazon SNS", also: ["Amazon Simple Notification Service", "SNS"], kinds: ["aws_sns_topic"] },
	{ service: "Amazon SQS", also: ["Amazon Simple Queue Service", "SQS"], kinds: ["aws_sqs_queue"] },
	{ service: "Amazon Data Firehose", also: ["Amazon Kinesis Data Firehose", "Firehose"], kinds: ["aws_kinesis_firehose_delivery_stream"] },
	{ service: "Amazon Kinesis Data Streams", also: ["Kinesis"], kinds: ["aws_kinesis_stream"] },
	{ service: "Amazon CloudWatch Logs", also: ["Amazon CloudWatch", "CloudWatch Logs"], kinds: ["aws_cloudwatch_log_group"] },
	{ service: "Amazon EventBridge", also: ["Amazon CloudWatch Events", "EventBridge"], kinds: ["aws_cloudwatch_event_bus", "aws_cloudwatch_event_rule"] },
	{ service: "AWS Lambda", also: ["Lambda"], kinds: ["aws_lambda_function"] },
	{ service: "Amazon DynamoDB", also: ["DynamoDB"], kinds: ["aws_dynamodb_table"] },
	{ service: "AWS Secrets Manager", also: ["Secrets Manager"], kinds: ["aws_secretsmanager_secret"] },
];
const provider = /^(?:amazon web services|aws)\b/i;

/**
 * derived.agreement_service, one per service of AWS in use, beside the services that the agreements with AWS in the register name. id is the
 * service. What the agreement itself leaves to the vendor's list of eligible services is as of the `checkedOn` of each row.
 */
const derivation: Derivation = {
	id: "agreement-services",
	target: "plan",
	needs: [],
	uses: [...services.flatMap(({ kinds }) => kinds), "record.baa"],
	produces: ["derived.agreement_service"],
	derive(view): DerivedItem[] {
		const register = registerOf(view);
		const rows = register.rows.filter(({ row }) => provider.test(row.party.legalName));
		const items: DerivedItem[] = [];
		const used = services.flatMap(({ kinds, ...service }) => {
			const resources = kinds.flatMap((kind) => view.items(kind)).filter((item) => item.status === "ok");
			return resources.length === 0 ? [] : [{ ...service, resources }];
		});
		// Without a register there is one question for all of them.
		if (register.fault?.code === "input_not_supplied" && used.length > 0) {
			const values = { service: used.map(({ service }) => service).join(", "), agreement: false, covered: false, excludedBy: [], rows: [] };
			const gaps = { covered: register.fault, agreement: register.fault };
			return [{ kind: "derived.agreement_service", id: "services of AWS", values, gaps, basis: used.flatMap(({ resources }) => firstOf(resources)) }];
		}
		for (const { service, kinds } of services) {
			const unread = kinds.flatMap((kind) => view.items(kind)).find((item) => item.status === "error")?.error;
			const lost = kinds.map((kind) => view.listingError(kind)).find((error) => error !== undefined) ?? unread;
			// Whether the service is in use could not be seen.
			if (lost !== undefined && !used.some((one) => one.service === service))
				items.push({ kind: "derived.agreement_service", id: `service ${service}`, error: lost, basis: [] });
		}
		for (const { service, also, resources } of used) {
			const names = new Set([service, ...also].map(fold));
			const naming = (field: "coveredServices" | "excludedServices") =>
				rows.filter(({ row }) => (row[field] ?? []).some((one) => names.has(fold(one.service))));
			const [covering, excluding] = [naming("coveredServices"), naming("excludedServices")];
			const inForce = rows.filter(({ standing }) => standing === "in_force");
			const gaps: Record<string, Gap> = {};
			if (register.fault !== undefined) for (const path of ["covered", "agreement"]) gaps[path] = register.fault;
			else if (inForce.length > 0 && inForce.every(({ row }) => row.coveredServices === undefined))
				gaps.covered = { code: "record_incomplete", detail: "coveredServices" };
			items.push({
				kind: "derived.agreement_service",
				id: `service ${service}`,
				values: {
					service,
					resources: resources.length,
					agreement: inForce.length > 0,
					rows: covering.map(({ row, standing }) => ({ id: row.id, standing })),
					excludedBy: excluding.filter(({ standing }) => standing === "in_force").map(({ row }) => row.id),
					covered: register.fault === undefined && covering.some(({ standing }) => standing === "in_force"),
				},
				gaps,
				basis: [...firstOf(resources), ...register.items],
			});
		}
		return items;
	},
};

export default derivation;

/** One resource shows that the service is in use; more of them add nothing. */
function firstOf(resources: readonly Evidence[]): Evidence[] {
	return resources.slice(0, 1);
}

function fold(name: string): string {
	return name.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}
