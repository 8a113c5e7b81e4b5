import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { handler } from "./lambda.ts";

const s3 = mockClient(S3Client);
const log = vi.spyOn(console, "log").mockImplementation(() => undefined);

beforeEach(() => {
	vi.stubEnv("BUCKET_NAME", "records");
	s3.reset();
	log.mockClear();
	s3.on(PutObjectCommand).resolves({});
});

const keys = { pseudonym: { S: "p-7f3a" }, recordId: { S: "2026-11-24T09:00:00Z#5f3a" } };
const record = (id: string) => ({
	eventID: `id-${id}`,
	eventName: "INSERT" as const,
	eventSource: "aws:dynamodb",
	dynamodb: { ApproximateCreationDateTime: 1_795_510_800, SequenceNumber: id, Keys: keys, NewImage: { ...keys, kind: { S: "revocation" } }, SizeBytes: 90 },
});
const fault = (name: string) => Object.assign(new Error("p-7f3a"), { name });

describe("the export of authorizations", () => {
	it("writes each change as an object of its own, by day, that is never written over", async () => {
		expect(await handler({ Records: [record("1"), record("2")] })).toEqual({ batchItemFailures: [] });
		const [first, second] = s3.commandCalls(PutObjectCommand).map(({ args }) => args[0].input);
		expect(first).toMatchObject({ Bucket: "records", Key: "changes/2026-11-24/id-1.json", IfNoneMatch: "*", ChecksumAlgorithm: "SHA256" });
		expect(second?.Key).toBe("changes/2026-11-24/id-2.json");
		expect(JSON.parse(String(first?.Body))).toEqual({
			eventID: "id-1",
			eventName: "INSERT",
			at: "2026-11-24T09:00:00.000Z",
			keys,
			after: { ...keys, kind: { S: "revocation" } },
		});
	});

	it("takes a change that is there already for written", async () => {
		s3.on(PutObjectCommand, { Key: "changes/2026-11-24/id-1.json" }).rejects(fault("PreconditionFailed"));
		expect(await handler({ Records: [record("1"), record("2")] })).toEqual({ batchItemFailures: [] });
		expect(s3.commandCalls(PutObjectCommand)).toHaveLength(2);
	});

	it.each(["AccessDenied", "SlowDown", "TimeoutError"])("reports the first that could not be written, and writes none after it: %s", async (name) => {
		s3.on(PutObjectCommand, { Key: "changes/2026-11-24/id-2.json" }).rejects(fault(name));
		expect(await handler({ Records: [record("1"), record("2"), record("3")] })).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
		expect(s3.commandCalls(PutObjectCommand)).toHaveLength(2);
		expect(log.mock.calls).toEqual([[JSON.stringify({ eventID: "id-2", error: name })]]);
	});

	it("fails without a bucket", async () => {
		vi.stubEnv("BUCKET_NAME", "");
		await expect(handler({ Records: [record("1")] })).rejects.toThrow("BUCKET_NAME is not set");
	});
});
