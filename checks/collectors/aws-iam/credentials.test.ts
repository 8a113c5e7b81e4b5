import { GenerateCredentialReportCommand, GetCredentialReportCommand, IAMClient } from "@aws-sdk/client-iam";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, describe, expect, it } from "vitest";
import { AwsSession } from "../../aws/session.ts";
import { iam } from "./api.ts";
import { reportRows } from "./credentials.ts";

const header = "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active";

describe("the credential report", () => {
	it("is read row by row, by the names of its columns", () => {
		const rows = reportRows(`${header}\nann,arn:aws:iam::111122223333:user/ann,2026-01-01T00:00:00+00:00,true,no_information,false,true\n`);
		expect(rows).toHaveLength(1);
		expect(rows[0]?.get("mfa_active")).toBe("false");
	});

	it("takes names with commas and quotes", () => {
		const [row] = reportRows(`${header}\r\n"a,""b""",arn:aws:iam::111122223333:user/x,,true,N/A,true,false\r\n`);
		expect(row?.get("user")).toBe('a,"b"');
		expect(row?.get("user_creation_time")).toBe("");
		expect(row?.get("access_key_1_active")).toBe("false");
	});

	it.each(["", "<html></html>", `${header}\nann,arn:aws:iam::111122223333:user/ann,2026`])("is no report where it was cut or is another thing: %s", (text) => {
		expect(() => reportRows(text)).toThrow(/credential report/);
	});
});

describe("a report that AWS is still writing", () => {
	const mock = mockClient(IAMClient);
	afterEach(() => mock.reset());
	const session = (signal: AbortSignal) =>
		new AwsSession(async () => ({ accessKeyId: "test", secretAccessKey: "test" }), { signal, timeoutMs: 2000, maxAttempts: 1, retryMode: "standard" });
	const generate = iam("GenerateCredentialReport", { expects: ["State"], pending: (answer) => answer.State === "STARTED" || answer.State === "INPROGRESS" });

	it("is asked for again until it is there", async () => {
		mock.on(GenerateCredentialReportCommand).resolvesOnce({ State: "STARTED" }).resolves({ State: "COMPLETE" });
		mock.on(GetCredentialReportCommand).resolves({});
		const asked = session(new AbortController().signal);
		expect(await asked.send(generate, {}, "us-east-1")).toMatchObject({ State: "COMPLETE" });
		expect(asked.calls).toHaveLength(2);
	});

	it("ends with the run", async () => {
		mock.on(GenerateCredentialReportCommand).resolves({ State: "INPROGRESS" });
		const stop = new AbortController();
		const asking = session(stop.signal).send(generate, {}, "us-east-1");
		stop.abort();
		await expect(asking).rejects.toMatchObject({ name: "AbortError" });
	});
});
