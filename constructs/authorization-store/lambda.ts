/** Code of the AuthorizationStore's export. It stands alone: Lambda's Node.js has the AWS SDK, and nothing else is there. */
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

/** A batch of a DynamoDB stream, as far as it is read. */
interface StreamEvent {
	Records: StreamRecord[];
}

interface StreamRecord {
	eventID: string;
	eventName: "INSERT" | "MODIFY" | "REMOVE";
	dynamodb: { ApproximateCreationDateTime: number; SequenceNumber: string; Keys: unknown; NewImage?: unknown; OldImage?: unknown };
}

const s3 = new S3Client({});

/**
 * Writes each change of the table as an object of its own into a bucket where nothing can be overwritten or deleted. A change
 * that is there already is not written again; one that cannot be written is reported, so that Lambda tries again from there.
 */
export async function handler(event: StreamEvent): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
	const bucket = process.env.BUCKET_NAME;
	if (bucket === undefined || bucket === "") throw new Error("BUCKET_NAME is not set");
	for (const record of event.Records) {
		try {
			await write(bucket, record);
		} catch (error) {
			// The name alone: a message could repeat what was to be written.
			console.log(JSON.stringify({ eventID: record.eventID, error: error instanceof Error ? error.name : "unknown" }));
			return { batchItemFailures: [{ itemIdentifier: record.dynamodb.SequenceNumber }] };
		}
	}
	return { batchItemFailures: [] };
}

async function write(bucket: string, { eventID, eventName, dynamodb }: StreamRecord): Promise<void> {
	const at = new Date(dynamodb.ApproximateCreationDateTime * 1000).toISOString();
	const { Keys: keys, OldImage: before, NewImage: after } = dynamodb;
	try {
		await s3.send(
			new PutObjectCommand({
				Bucket: bucket,
				Key: `changes/${at.slice(0, 10)}/${eventID}.json`,
				Body: `${JSON.stringify({ eventID, eventName, at, keys, before, after })}\n`,
				ContentType: "application/json",
				ChecksumAlgorithm: "SHA256",
				IfNoneMatch: "*",
			}),
		);
	} catch (error) {
		if (!(error instanceof Error && error.name === "PreconditionFailed")) throw error;
	}
}
