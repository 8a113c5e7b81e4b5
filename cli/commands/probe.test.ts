import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { createAuthority, type Lab, startLab } from "../../lab/index.ts";
import { closed, open, world } from "../../pipeline/probe-lab.test-support.ts";
import { main } from "../program.ts";

const now = "2026-11-24T09:00:00Z";
const dir = mkdtempSync(join(tmpdir(), "mailward-probe-cli-"));
const at = (name: string): string => join(dir, name);
let there: Lab;
let here: Lab;

beforeAll(async () => {
	const certificates = createAuthority({ now: new Date(now), seed: "probe" });
	there = await startLab(world(open), { certificates, now: new Date(now) });
	here = await startLab(world(closed), { certificates, now: new Date(now) });
	writeFileSync(at("ca.pem"), there.caPem);
	const config = (lab: Lab, trust: string[]) =>
		stringify({ version: 1, domains: [{ name: "clinic.example" }], trust: { keys: trust }, network: { ...lab.network, caFile: "ca.pem" } });
	writeFileSync(at("there.yaml"), config(there, []));
	writeFileSync(at("here.yaml"), config(here, ["clinic.pub"]));
}, 60_000);

afterAll(async () => {
	await Promise.all([there.close(), here.close()]);
	rmSync(dir, { recursive: true, force: true });
});

interface Ran {
	code: number;
	stdout: string;
	stderr: string;
}

async function mailward(...args: string[]): Promise<Ran> {
	const written = { stdout: "", stderr: "" };
	const spies = (["stdout", "stderr"] as const).map((stream) =>
		vi.spyOn(process[stream], "write").mockImplementation((chunk) => {
			written[stream] += String(chunk);
			return true;
		}),
	);
	try {
		return { code: await main(["node", "mailward", ...args]), ...written };
	} finally {
		for (const spy of spies) spy.mockRestore();
	}
}

describe("mailward probe", () => {
	it("goes from a new key over a probe to a verdict where port 25 is closed", async () => {
		const made = await mailward("probe", "--new-key", at("clinic.key"));
		expect(made).toMatchObject({ code: 0 });
		expect(statSync(at("clinic.key")).mode & 0o777).toBe(0o600);
		expect(existsSync(at("clinic.pub"))).toBe(true);
		expect(await mailward("probe", "--new-key", at("clinic.key"))).toMatchObject({ code: 2, stderr: expect.stringContaining("not overwritten") });

		const args = ["probe", "clinic.example", "-c", at("there.yaml"), "--key", at("clinic.key"), "--now", now, "--vantage", "198.51.100.7"];
		const probed = await mailward(...args, "--out", at("probe.json"));
		expect(probed.stderr).toContain("1 addresses probed from 198.51.100.7");
		expect(probed).toMatchObject({ code: 0, stdout: "" });
		expect(statSync(at("probe.json")).mode & 0o777).toBe(0o600);
		expect(await mailward(...args, "--out", at("probe.json"))).toMatchObject({ code: 2, stderr: expect.stringContaining("not overwritten") });
		const envelope = JSON.parse(readFileSync(at("probe.json"), "utf8")) as { payloadType: string; payload: string };
		expect(envelope.payloadType).toBe("application/vnd.mailward.probe+json");
		expect(JSON.parse(Buffer.from(envelope.payload, "base64").toString())).toMatchObject({
			schema: "mailward/probe/v1",
			targets: [
				{ asked: "clinic.example", mx: [{ preference: 10, exchange: "mx1.clinic.example" }], addresses: ["mx1.clinic.example|192.0.2.10|25"], fault: null },
			],
		});

		const scan = ["scan", "-c", at("here.yaml"), "--now", now, "--check", "smtp.starttls_offered", "--format", "json", "--out", "-"];
		const alone = await mailward(...scan);
		expect(alone.code).toBe(3);
		const imported = await mailward(...scan, "--evidence", at("probe.json"));
		expect(imported.stderr).not.toContain("internal error");
		expect(imported.code).toBe(0);
		const result = JSON.parse(imported.stdout) as { results: { check: string; status: string }[]; run: { vantage: unknown } };
		expect(result.results).toMatchObject([{ check: "smtp.starttls_offered", status: "pass" }]);
		expect(result.run.vantage).toMatchObject({ imports: [{ type: "probe", used: ["mx1.clinic.example|192.0.2.10|25"] }] });
	});

	it("says that what it writes is not signed, and scan refuses that", async () => {
		const probed = await mailward("probe", "mx1.clinic.example", "-c", at("there.yaml"), "--now", now, "--out", "-");
		expect(probed.code).toBe(0);
		expect(probed.stderr).toContain("is not signed");
		expect(JSON.parse(probed.stdout)).toMatchObject({
			schema: "mailward/probe/v1",
			targets: [{ asked: "mx1.clinic.example", mx: [], addresses: ["mx1.clinic.example|192.0.2.10|25"] }],
		});
		writeFileSync(at("unsigned.json"), probed.stdout);
		expect(await mailward("scan", "-c", at("here.yaml"), "--now", now, "--out", at("none"), "--evidence", at("unsigned.json"))).toMatchObject({
			code: 2,
			stderr: expect.stringContaining("without a signature"),
		});
	});

	it("is incomplete where it sees nothing, and says what", async () => {
		const probed = await mailward("probe", "clinic.example", "nowhere.example", "-c", at("here.yaml"), "--now", now, "--out", "-");
		expect(probed.code).toBe(3);
		expect(probed.stderr).toContain("not seen: mx1.clinic.example|192.0.2.10|25: refused");
		expect(probed.stderr).toContain("not seen: nowhere.example: no address was found");
	});

	it("refuses a key that others may read, before anyone is contacted", async () => {
		writeFileSync(at("open.key"), existsSync(at("clinic.key")) ? readFileSync(at("clinic.key")) : "");
		chmodSync(at("open.key"), 0o644);
		const before = structuredClone(there.stats.smtp);
		expect(await mailward("probe", "clinic.example", "-c", at("there.yaml"), "--key", at("open.key"), "--out", "-")).toMatchObject({
			code: 2,
			stdout: "",
			stderr: expect.stringContaining("readable by others"),
		});
		expect(there.stats.smtp).toEqual(before);
	});

	it.each([
		[[], "name a domain"],
		[["192.0.2.10"], "neither a domain"],
		[["mx.example|nowhere"], "neither a domain"],
		[["mx.example|192.0.2.1|99999"], "neither a domain"],
		[["a b"], "neither a domain"],
		[["clinic.example", "--new-key", "x.key"], "give no HOST"],
		[["clinic.example", "--vantage", "here"], "expected an IPv4"],
	])("says what is wrong with %j", async (args, message) => {
		expect(await mailward("probe", ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
	});

	it("speaks for one scan, not for a list of domains", async () => {
		writeFileSync(at("list.txt"), "clinic.example\n");
		expect(await mailward("scan", "-c", at("here.yaml"), "--domains", at("list.txt"), "--evidence", at("probe.json"), "--out", at("list"))).toMatchObject({
			code: 2,
			stderr: expect.stringContaining("--domains"),
		});
	});
});
