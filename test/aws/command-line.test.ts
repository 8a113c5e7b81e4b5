import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { AttachUserPolicyCommand, CreateAccessKeyCommand, CreatePolicyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scanActions } from "../../model/scan-actions.generated.ts";
import { built, mailward, removeTemporaryFolders, resultIn, temporaryFolder, verdicts } from "../smoke/support.ts";
import { type Emulator, emulatorPresent, pointAt, startEmulator } from "../support/aws-emulator.ts";
import { seedBad } from "./seed.ts";

beforeAll(built, 60_000);
afterAll(removeTemporaryFolders);

/** No credentials but those given, and none of this machine's. */
const bare = {
	AWS_ACCESS_KEY_ID: "",
	AWS_SECRET_ACCESS_KEY: "",
	AWS_SESSION_TOKEN: "",
	AWS_PROFILE: "",
	AWS_REGION: "",
	AWS_DEFAULT_REGION: "",
	AWS_ENDPOINT_URL: "",
	AWS_EC2_METADATA_DISABLED: "true",
	AWS_CONFIG_FILE: "/dev/null",
	AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
};
const key = { ...bare, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" };

const scan = (env: Record<string, string>, ...more: string[]) =>
	mailward(["scan", "--aws", "--out", join(temporaryFolder(), "out"), "--format", "json", ...more], { env, cwd: temporaryFolder(), timeoutMs: 60_000 });

describe("scan --aws before AWS is asked", () => {
	it("ends with 2 and says how to sign in where there are no credentials", async () => {
		const run = await scan({ ...bare, AWS_REGION: "us-east-1" });
		expect(run.stderr).toMatch(/no AWS credentials were found.*aws sso login/);
		expect(run.code).toBe(2);
	});

	it("ends with 2 for a Region that does not exist, and names the nearest", async () => {
		const run = await scan(key, "--region", "us-eats-1");
		expect(run.stderr).toContain("there is no AWS Region us-eats-1; did you mean us-east-1?");
		expect(run.code).toBe(2);
	});

	it("ends with 2 where no Region is set", async () => {
		const run = await scan({ ...key, AWS_REGION: "" });
		expect(run.stderr).toContain("no AWS Region is set: give --region");
		expect(run.code).toBe(2);
	});

	it("ends with 2 for what is no role", async () => {
		const run = await scan(key, "--role-arn", "arn:aws:iam::1:user/x");
		expect(run.stderr).toContain("expected the ARN of a role");
		expect(run.code).toBe(2);
	});

	it("refuses accounts beside a list of domains", async () => {
		const run = await mailward(["scan", "--domains", "-", "--aws"], { env: key, stdin: "example.org\n", cwd: temporaryFolder() });
		expect(run.stderr).toContain("--aws, --aws-organization, --region and --role-arn speak of the accounts of one scan");
		expect(run.code).toBe(2);
	});

	it("lists every action under --dry-run and asks nobody", async () => {
		const run = await scan({ ...key, AWS_ENDPOINT_URL: "http://127.0.0.1:1" }, "--dry-run");
		expect(run.code).toBe(0);
		for (const action of scanActions) expect(run.stdout).toContain(action);
	});
});

const caller = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account><UserId>A</UserId>
<Arn>arn:aws:iam::123456789012:user/scanner</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;

/** Answers every call with one error, but for who is asking where that is let through. */
async function refusing(code: string, knowsCaller: boolean): Promise<{ url: string; server: Server }> {
	const server = createServer((incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming
			.on("data", (chunk: Buffer) => chunks.push(chunk))
			.on("end", () => {
				const who = Buffer.concat(chunks).toString().includes("Action=GetCallerIdentity");
				const xml = /urlencoded/.test(incoming.headers["content-type"] ?? "") || /\/s3\/aws4_request/.test(incoming.headers.authorization ?? "");
				if (who && knowsCaller) {
					outgoing.writeHead(200, { "content-type": "text/xml" });
					outgoing.end(caller);
					return;
				}
				outgoing.writeHead(403, { "content-type": xml ? "text/xml" : "application/json", "x-amzn-errortype": code });
				const error = `<Error><Code>${code}</Code><Message>made by a test</Message></Error>`;
				outgoing.end(
					xml
						? who || /urlencoded/.test(incoming.headers["content-type"] ?? "")
							? `<ErrorResponse>${error}</ErrorResponse>`
							: error
						: JSON.stringify({ __type: code }),
				);
			});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe("scan --aws refused by AWS", () => {
	it("ends with 3 where the credentials have expired, passes nothing and says what to do", { timeout: 90_000 }, async () => {
		const { url, server } = await refusing("ExpiredTokenException", false);
		const run = await scan({ ...key, AWS_ENDPOINT_URL: url });
		server.close();
		expect(run.code).toBe(3);
		expect(run.stderr).toContain("Renew the credentials and run again");
		expect(run.stderr).toContain("0 passed");
	});

	it("passes nothing without any permission, ends with 3 and names what was denied", { timeout: 90_000 }, async () => {
		const { url, server } = await refusing("AccessDeniedException", true);
		const out = join(temporaryFolder(), "out");
		const env = { ...key, AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_S3_CONTROL: url.replace("127.0.0.1", "localhost") };
		const run = await mailward(["scan", "--aws", "--out", out, "--format", "json"], { env, cwd: temporaryFolder(), timeoutMs: 60_000 });
		server.close();
		const result = resultIn(out);
		expect(run.code).toBe(3);
		// No plan was given to compare with: of drift there is nothing to say, whatever may be read.
		const judged = result.results.filter((one) => !one.check.startsWith("drift."));
		expect(verdicts(judged.filter((one) => one.status !== "not_assessed"))).toEqual([]);
		expect(result.results.filter((one) => one.status === "pass" || one.status === "fail")).toEqual([]);
		expect(result.run.caller).toEqual({ account: "123456789012", arn: "arn:aws:iam::123456789012:user/scanner" });
		const tls = result.results.find((one) => one.check === "sending.tls_required");
		expect(tls?.reason).toMatchObject({ kind: "permission", code: "permission_denied", detail: "ses:ListConfigurationSets" });
		expect(result.deniedCalls).toContainEqual(expect.objectContaining({ call: "ses:ListConfigurationSets", code: "permission_denied" }));
	});
});

describe.skipIf(!emulatorPresent)("scan --aws against the emulator", () => {
	let emulator: Emulator;
	let user: { AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string };
	const iam = () => new IAMClient({ region: "us-east-1" });

	beforeAll(async () => {
		emulator = await startEmulator("--iam", "strict");
		pointAt(emulator.url);
		await seedBad();
		await iam().send(new CreateUserCommand({ UserName: "scanner" }));
		const { AccessKey } = await iam().send(new CreateAccessKeyCommand({ UserName: "scanner" }));
		user = { AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? "", AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? "" };
	}, 60_000);
	afterAll(() => emulator?.stop());

	const scanAs = async (more: string[] = []) => {
		const out = join(temporaryFolder(), "out");
		const env = { ...key, ...user, AWS_ENDPOINT_URL: emulator.url, AWS_ENDPOINT_URL_S3_CONTROL: emulator.url.replace("127.0.0.1", "localhost") };
		const run = await mailward(["scan", "--aws", "--out", out, "--format", "json", ...more], { env, cwd: temporaryFolder(), timeoutMs: 60_000 });
		return { run, result: resultIn(out) };
	};

	it("needs no more than the policy that iam-policy prints", { timeout: 90_000 }, async () => {
		const printed = await mailward(["iam-policy"]);
		const policy = JSON.parse(printed.stdout) as { Statement: { Action: string[]; Effect: string }[] };
		expect(policy.Statement).toHaveLength(1);
		expect(policy.Statement[0]?.Action).toEqual([...scanActions]);
		for (const action of scanActions) expect(action).toMatch(/^apigateway:GET$|:(BatchGet|Describe|Get|List|Generate|Simulate)/);
		const { Policy } = await iam().send(new CreatePolicyCommand({ PolicyName: "mailward-scanner", PolicyDocument: printed.stdout }));
		await iam().send(new AttachUserPolicyCommand({ UserName: "scanner", PolicyArn: Policy?.Arn }));
		const { run, result } = await scanAs();
		// The emulator asks for s3:ListBuckets, which IAM does not know, and takes the account's public access block for an object.
		const misread = ["s3:ListAllMyBuckets", "s3:GetAccountPublicAccessBlock"];
		expect(result.deniedCalls.filter((call) => call.code === "permission_denied" && !misread.includes(call.call))).toEqual([]);
		expect(run.code).toBe(1);
	});

	it("prints the policy for Terraform too", async () => {
		const { stdout } = await mailward(["iam-policy", "--format", "terraform"]);
		expect(stdout).toContain('data "aws_iam_policy_document" "mailward_scanner"');
		for (const action of scanActions) expect(stdout).toContain(`"${action}",`);
	});
});
