import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, listWithin, table } from "../../aws/table.ts";

const guardduty = awsApi({ id: "guardduty", client: "GuardDutyClient", load: () => import("@aws-sdk/client-guardduty"), concurrency: 2 });

const detectorList = listOf(guardduty("ListDetectors", { pages: "NextToken", expects: ["DetectorIds"], shared: true }), {}, (page) => page.DetectorIds);

const detectors = table({
	list: detectorList,
	id: (id) => id,
	details: { detector: { operation: guardduty("GetDetector", { expects: ["Status"] }), input: (id) => ({ DetectorId: id }) } },
	kinds: {
		aws_guardduty_detector: {
			of: ["detector"],
			map: (id, { detector }, { partition, region, account }) => ({
				id,
				values: {
					arn: `arn:${partition}:guardduty:${region}:${account}:detector/${id}`,
					id,
					enable: detector?.[0]?.Status === "ENABLED",
					finding_publishing_frequency: detector?.[0]?.FindingPublishingFrequency,
				},
			}),
		},
		aws_guardduty_detector_feature: {
			of: ["detector"],
			map: (id, { detector }) =>
				(detector?.[0]?.Features ?? []).map((feature) => ({
					id: `${id}/${feature.Name}`,
					values: {
						id: `${id}/${feature.Name}`,
						detector_id: id,
						name: feature.Name,
						status: feature.Status,
						additional_configuration: feature.AdditionalConfiguration?.map((one) => ({ name: one.Name, status: one.Status })),
					},
				})),
		},
	},
});

/** GuardDuty calls a severity from 7 on high (GuardDuty User Guide, "Severity levels"). */
const open = { Criterion: { "service.archived": { Equals: ["false"] }, severity: { GreaterThanOrEqual: 7 } } };

const findings = table({
	list: listWithin(
		// Told in full fifty at a time, as they are listed.
		listWithin(
			detectorList,
			guardduty("ListFindings", { pages: "NextToken", expects: ["FindingIds"] }),
			(id) => ({ DetectorId: id, FindingCriteria: open, MaxResults: 50 }),
			(page, id) => [{ detector: id, ids: page.FindingIds ?? [] }].filter(({ ids }) => ids.length > 0),
		),
		guardduty("GetFindings", { expects: ["Findings"] }),
		({ detector, ids }) => ({ DetectorId: detector, FindingIds: ids }),
		(page, { detector }) => page.Findings?.map((finding) => ({ detector, finding })),
	),
	id: ({ finding }) => finding.Id ?? "",
	kinds: {
		// Titles and descriptions tell of people and addresses: they stay where they are.
		"aws.guardduty_finding": {
			map: ({ detector, finding }) => ({
				id: finding.Arn ?? finding.Id ?? "",
				values: { detector_id: detector, type: finding.Type, severity: finding.Severity, created_at: finding.CreatedAt, updated_at: finding.UpdatedAt },
			}),
		},
	},
});

/** Detectors, their features, and high findings that nobody has archived yet. */
export default awsCollector({ id: "aws-guardduty", tables: [detectors, findings] });
