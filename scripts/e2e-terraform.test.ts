import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "mailward-e2e-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A Terraform that is there and gets no provider: what a machine without the registry has. */
const offline = join(folder, "terraform");
writeFileSync(offline, '#!/bin/sh\n[ "$1" = version ] && exit 0\necho "could not connect to registry.example" >&2\nexit 1\n');
chmodSync(offline, 0o755);

function e2e(settings: Record<string, string>): { status: number | null; stderr: string } {
	const { AWS_ENDPOINT_URL: _, ...rest } = process.env;
	const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "e2e-terraform.ts")], { env: { ...rest, ...settings }, encoding: "utf8" });
	return { status, stderr };
}

describe("e2e:terraform where it cannot run ends with 3 and says why:", () => {
	it.each<[string, Record<string, string>, RegExp]>([
		["no Terraform", { TF_BIN: join(folder, "none") }, /\/none cannot be started; install Terraform or OpenTofu, or name one in TF_BIN/],
		["no emulator", { TF_BIN: offline, MAILWARD_SHARED: folder }, /there is no emulator: set AWS_ENDPOINT_URL/],
		[
			"an address that is not this machine's",
			{ TF_BIN: offline, AWS_ENDPOINT_URL: "https://sts.amazonaws.com" },
			/names sts\.amazonaws\.com, which is not on this machine/,
		],
		[
			"no provider",
			{ TF_BIN: offline, AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
			/terraform init does not get the AWS provider: could not connect to registry\.example/,
		],
	])("%s", (_name, settings, reason) => {
		const { status, stderr } = e2e(settings);
		expect(stderr).toMatch(/^e2e:terraform cannot run here: /);
		expect(stderr).toMatch(reason);
		expect(status).toBe(3);
	});
});
