import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const guardduty = awsApi({ id: "guardduty", client: "GuardDutyClient", load: () => import("@aws-sdk/client-guardduty"), concurrency: 2 });

const detectors = table({
	list: listOf(guardduty("ListDetectors", { pages: "NextToken", expects: ["DetectorIds"] }), {}, (page) => page.DetectorIds),
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

/** Detectors and their features. */
export default awsCollector({ id: "aws-guardduty", tables: [detectors] });
