import { awsCollector } from "../../aws/collector.ts";
import { signedApi } from "../../aws/signed.ts";
import { listOf, table } from "../../aws/table.ts";

const kinesis = signedApi({ service: "kinesis" });

const call = (operation: string) => (input: object) => ({
	method: "POST" as const,
	path: "/",
	headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `Kinesis_20131202.${operation}` },
	body: JSON.stringify(input),
});

interface StreamList {
	StreamNames?: string[];
	HasMoreStreams?: boolean;
}

interface StreamSummary {
	StreamDescriptionSummary?: { StreamARN?: string; EncryptionType?: string; KeyId?: string; RetentionPeriodHours?: number };
}

const streams = table({
	list: listOf(
		kinesis<object, StreamList>("ListStreams", call("ListStreams"), {
			expects: ["StreamNames"],
			next: (page) => (page.HasMoreStreams === true ? { ExclusiveStartStreamName: page.StreamNames?.at(-1) } : undefined),
		}),
		{ Limit: 100 },
		(page) => page.StreamNames,
	),
	id: (name) => name,
	details: {
		stream: {
			operation: kinesis<{ StreamName: string }, StreamSummary>("DescribeStreamSummary", call("DescribeStreamSummary"), {
				expects: ["StreamDescriptionSummary"],
				next: () => undefined,
			}),
			input: (name) => ({ StreamName: name }),
		},
	},
	kinds: {
		aws_kinesis_stream: {
			of: ["stream"],
			map: (name, { stream }) => {
				const seen = stream?.[0]?.StreamDescriptionSummary;
				return {
					id: seen?.StreamARN ?? name,
					values: {
						arn: seen?.StreamARN,
						id: seen?.StreamARN,
						name,
						encryption_type: seen?.EncryptionType,
						kms_key_id: seen?.KeyId,
						retention_period: seen?.RetentionPeriodHours,
					},
				};
			},
		},
	},
});

/** Data streams by key and retention; records are never read. */
export default awsCollector({ id: "aws-kinesis", tables: [streams] });
