import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";
import { streamValues } from "./values.ts";

const firehose = awsApi({ id: "firehose", client: "FirehoseClient", load: () => import("@aws-sdk/client-firehose"), concurrency: 4 });

/** Delivery streams with what encrypts them and where they end. */
export default awsCollector({
	id: "aws-firehose",
	tables: [
		table({
			list: listOf(
				firehose("ListDeliveryStreams", {
					expects: ["DeliveryStreamNames"],
					pages: (page) => (page.HasMoreDeliveryStreams === true ? { ExclusiveStartDeliveryStreamName: page.DeliveryStreamNames?.at(-1) } : undefined),
				}),
				{ Limit: 1000 },
				(page) => page.DeliveryStreamNames,
			),
			id: (name) => name,
			details: {
				stream: {
					operation: firehose("DescribeDeliveryStream", { expects: ["DeliveryStreamDescription"] }),
					input: (name) => ({ DeliveryStreamName: name }),
				},
			},
			kinds: {
				aws_kinesis_firehose_delivery_stream: {
					of: ["stream"],
					map: (_name, { stream }) => {
						const seen = stream?.[0]?.DeliveryStreamDescription;
						return seen && { id: seen.DeliveryStreamARN ?? "", values: streamValues(seen) };
					},
				},
			},
		}),
	],
});
