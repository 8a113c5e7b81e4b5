import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { shared } from "../smoke/support.ts";
import { freePort } from "./free-port.ts";

const script = join(shared, "tools", "aws-emulator");

/** The AWS emulator is no part of the repository: tests that need it are skipped without it, and say so. */
export const emulatorPresent = existsSync(script);
if (!emulatorPresent) console.log("AWS emulator: skipped, tools/aws-emulator is not under MAILWARD_SHARED");

export interface Emulator {
	/** http://127.0.0.1:PORT. */
	url: string;
	stop(): void;
}

/** Starts an empty emulator on a free port and points the SDK of this process at it. */
export async function startEmulator(...options: string[]): Promise<Emulator> {
	const port = await freePort();
	execFileSync(script, ["start", String(port), ...options], { stdio: ["ignore", "ignore", "inherit"] });
	const url = `http://127.0.0.1:${port}`;
	pointAt(url);
	return { url, stop: () => void execFileSync(script, ["stop", String(port)]) };
}

/** Root credentials of the emulator, and no other source of credentials. */
export function pointAt(url: string): void {
	Object.assign(process.env, {
		AWS_ENDPOINT_URL: url,
		// S3 Control puts the account before the host, which takes a name.
		AWS_ENDPOINT_URL_S3_CONTROL: url.replace("127.0.0.1", "localhost"),
		AWS_ACCESS_KEY_ID: "test",
		AWS_SECRET_ACCESS_KEY: "test",
		AWS_REGION: "us-east-1",
		AWS_EC2_METADATA_DISABLED: "true",
		AWS_CONFIG_FILE: "/dev/null",
		AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
	});
	for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"]) delete process.env[name];
}
