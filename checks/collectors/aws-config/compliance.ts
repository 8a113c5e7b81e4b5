import type { ComplianceType, ConformancePackDetail, EvaluationResult } from "@aws-sdk/client-config-service";
import { config } from "../../aws/config-service.ts";
import { listOf, type Made, type Place, table } from "../../aws/table.ts";

/** How AWS Config names a resource in its results, turned into the ARN that our items have; a type that is not here is known by an ARN or not at all. */
const arnOf: Readonly<Record<string, (id: string, place: Place) => string>> = {
	"AWS::CloudTrail::Trail": (id, place) => `${prefix("cloudtrail", place)}:trail/${id}`,
	"AWS::DynamoDB::Table": (id, place) => `${prefix("dynamodb", place)}:table/${id}`,
	"AWS::KMS::Key": (id, place) => `${prefix("kms", place)}:key/${id}`,
	"AWS::Lambda::Function": (id, place) => `${prefix("lambda", place)}:function:${id}`,
	"AWS::Logs::LogGroup": (id, place) => `${prefix("logs", place)}:log-group:${id}`,
	"AWS::S3::Bucket": (id, { partition }) => `arn:${partition}:s3:::${id}`,
	"AWS::SES::ConfigurationSet": (id, place) => `${prefix("ses", place)}:configuration-set/${id}`,
};

function prefix(service: string, { partition, region, account }: Place): string {
	return `arn:${partition}:${service}:${region}:${account}`;
}

/** A resource that a rule does not apply to is none that it speaks of. */
const judged: ComplianceType[] = ["COMPLIANT", "NON_COMPLIANT"];

/** Notes of a rule are free text and stay out. */
function evaluation(one: EvaluationResult, place: Place): Made[] {
	const { ConfigRuleName: rule, ResourceType: type, ResourceId: id } = one.EvaluationResultIdentifier?.EvaluationResultQualifier ?? {};
	if (rule === undefined || type === undefined || id === undefined) return [];
	return [
		{
			id: `${rule}|${type}|${id}`,
			values: {
				rule,
				resource_type: type,
				resource_id: id,
				resource_arn: id.startsWith("arn:") ? id : arnOf[type]?.(id, place),
				compliance: one.ComplianceType,
				recorded_at: one.ResultRecordedTime,
			},
		},
	];
}

export const rules = table({
	list: listOf(
		config("DescribeComplianceByConfigRule", { pages: "NextToken", expects: ["ComplianceByConfigRules"] }),
		{},
		(page) => page.ComplianceByConfigRules,
	),
	id: (one) => one.ConfigRuleName ?? "",
	details: {
		results: {
			operation: config("GetComplianceDetailsByConfigRule", { pages: "NextToken", expects: ["EvaluationResults"] }),
			input: (one) => ({ ConfigRuleName: one.ConfigRuleName, ComplianceTypes: judged, Limit: 100 }),
			absent: ["NoSuchConfigRuleException"],
		},
	},
	kinds: {
		"aws.config_rule": {
			map: (one) => ({ id: `rule/${one.ConfigRuleName}`, values: { name: one.ConfigRuleName, compliance: one.Compliance?.ComplianceType } }),
		},
		"aws.config_evaluation": {
			of: ["results"],
			map: (_one, { results }, place) => (results ?? []).flatMap((page) => (page.EvaluationResults ?? []).flatMap((result) => evaluation(result, place))),
		},
	},
});

const nameOf = (one: ConformancePackDetail) => one.ConformancePackName;

export const conformancePacks = table({
	list: listOf(
		config("DescribeConformancePacks", { pages: "NextToken", expects: ["ConformancePackDetails"] }),
		{ Limit: 20 },
		(page) => page.ConformancePackDetails,
	),
	id: (one) => nameOf(one) ?? "",
	details: {
		compliance: {
			operation: config("DescribeConformancePackCompliance", { pages: "NextToken", expects: ["ConformancePackRuleComplianceList"] }),
			input: (one) => ({ ConformancePackName: nameOf(one), Limit: 1000 }),
		},
	},
	kinds: {
		"aws.config_pack_rule": {
			of: ["compliance"],
			map: (one, { compliance }) =>
				(compliance ?? []).flatMap((page) =>
					(page.ConformancePackRuleComplianceList ?? []).map((rule) => ({
						id: `${nameOf(one)}|${rule.ConfigRuleName}`,
						values: { pack: nameOf(one), rule: rule.ConfigRuleName, compliance: rule.ComplianceType },
					})),
				),
		},
	},
});
