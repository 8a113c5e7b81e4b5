import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batch, built, cli, contents, firstStack, mailward, now, type Run, removeTemporaryFolders, root, temporaryFolder, write } from "./support.ts";

/** What may stand where a file is expected: by name, how it is put there. */
const bad: Record<string, (path: string) => void> = {
	empty: (path) => write(path, ""),
	"one brace": (path) => write(path, "{"),
	"cut short": (path) => write(path, '{"version": 1, "domains": [{"name": "a.exa'),
	"a list": (path) => write(path, "[1, 2]\n"),
	null: (path) => write(path, "null\n"),
	"not UTF-8": (path) => write(path, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22, 0x7d])),
	binary: (path) => write(path, Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256))),
	"50 MB of brackets": (path) => write(path, Buffer.alloc(50_000_000, "[")),
	"control characters": (path) => write(path, '{"\u001b[31mred\u0007": \u001b}'),
	folder: (path) => mkdirSync(path, { recursive: true }),
	missing: (path) => rmSync(path, { force: true, recursive: true }),
	"a link in a circle": (path) => symlinkSync(path, path),
	"a device without end": (path) => symlinkSync("/dev/zero", path),
	"an empty device": (path) => symlinkSync("/dev/null", path),
};

/** Exit 2, one clear message that names the file and a position, no stack, no raw control characters. */
function refused({ code, stdout, stderr, ms }: Run, name: string, kind = ""): void {
	const told = `${kind}: ${code} after ${ms.toFixed(0)} ms: ${stderr.slice(0, 600)}`;
	expect(code, told).toBe(2);
	expect(stderr, told).toMatch(new RegExp(`${name.replaceAll(".", "\\.")}\\S*:\\d+:\\d+: error`));
	expect(stderr, told).not.toMatch(/\n\s+at |internal error|ZodError|\[object/);
	expect(
		stderr
			.trimEnd()
			.split("\n")
			.filter((line) => line.includes("error")).length,
		told,
	).toBeLessThanOrEqual(20);
	expect(stdout).toBe("");
	expect(stderr).not.toMatch(/[\0-\x08\x0b-\x1f\x7f]/);
}

interface Slot {
	name: string;
	/** Below the folder: where the bad thing goes. */
	path: string;
	args: string[];
	config?: string;
	/** What is right in this place, or another's business. */
	except?: string[];
}

const bundle = "bundle";
const slots: Slot[] = [
	{ name: "-c FILE", path: "conf.yaml", args: ["scan", "-c", "conf.yaml", "--dry-run"] },
	{ name: "--plan FILE", path: "plan.json", args: ["scan", "--plan", "plan.json"] },
	{ name: "--domains FILE", path: "domains.txt", args: ["scan", "--domains", "domains.txt", "--dry-run"] },
	{ name: "network.caFile", path: "ca.pem", args: ["scan"], config: "version: 1\nplans: [good.json]\nnetwork: {caFile: ca.pem}\n" },
	{ name: "a record file", path: "records/waivers.yaml", args: ["scan", "--records", "records", "--plan", "good.json"], except: ["missing", "folder"] },
	{
		name: "a JSON Lines record file",
		path: "records/more.jsonl",
		args: ["scan", "--records", "records"],
		except: ["missing", "folder", "empty", "an empty device"],
	},
	{ name: "evidence-manifest.json", path: `${bundle}/evidence-manifest.json`, args: ["evaluate", bundle] },
	{ name: "evidence/listing.jsonl", path: `${bundle}/evidence/listing.jsonl`, args: ["evaluate", bundle] },
	{ name: "result.json", path: `${bundle}/result.json`, args: ["report", bundle] },
	{
		name: "the manifest under report",
		path: `${bundle}/evidence-manifest.json`,
		args: ["report", bundle],
		except: Object.keys(bad).filter((name) => !["folder", "missing", "a link in a circle", "a device without end"].includes(name)),
	},
];

let good: string;

beforeAll(async () => {
	await built();
	good = temporaryFolder();
	const { code, stderr } = await mailward(["scan", "--plan", firstStack, "--now", now, "--out", join(good, bundle)]);
	expect(code, stderr).toBe(0);
	cpSync(firstStack, join(good, "good.json"));
	cpSync(join(root, "examples/clinic-records/exemplary/records"), join(good, "records"), { recursive: true });
	cpSync(join(root, "examples/clinic-records/exemplary/records/documents"), join(good, "documents"), { recursive: true });
});
afterAll(removeTemporaryFolders);

function place(slot: Slot, put: (path: string) => void): string {
	const dir = temporaryFolder();
	cpSync(good, dir, { recursive: true });
	if (slot.config !== undefined) write(join(dir, "mailward.yaml"), slot.config);
	const path = join(dir, slot.path);
	rmSync(path, { recursive: true, force: true });
	put(path);
	return dir;
}

describe.each(slots)("$name", (slot) => {
	const kinds = Object.keys(bad).filter((name) => slot.except?.includes(name) !== true);

	it("that is anything but right: exit 2", async () => {
		const jobs = kinds.map((kind) => ({ args: slot.args, cwd: place(slot, bad[kind] as (path: string) => void) }));
		const runs = await batch(jobs);
		for (const [index, run] of runs.entries()) refused(run, slot.path, kinds[index]);
		for (const { cwd } of jobs) rmSync(cwd, { recursive: true });
	});

	it("exits so as a process of its own", async () => {
		refused(await mailward(slot.args, { cwd: place(slot, bad["a link in a circle"] as (path: string) => void) }), slot.path);
	});
});

describe("inputs of other kinds", () => {
	const root0 = process.getuid?.() === 0;
	if (root0) console.log("smoke/input.test.ts: unreadable files are not tried: root reads everything");

	it.skipIf(root0)("an unreadable file: exit 2", async () => {
		for (const slot of slots.slice(0, 3)) {
			const dir = place(slot, (path) => chmodSync(write(path, "version: 1\n"), 0));
			refused(await mailward(slot.args, { cwd: dir }), slot.path);
		}
	});

	it("a records folder that is not there: exit 2, not a register without records", async () => {
		const run = await mailward(["scan", "--records", "recrods"], { cwd: good });
		refused(run, "recrods");
		expect(run.stderr).toContain("mailward init");
	});

	it("a named pipe that nobody writes to: exit 2 at once; a pipe of the shell's is read", async () => {
		const runs = await batch(slots.map((slot) => ({ args: slot.args, cwd: place(slot, (path) => void execFileSync("mkfifo", [path])) })));
		for (const [index, run] of runs.entries()) refused(run, slots[index]?.path ?? "", "a named pipe");
		const piped = spawnSync("bash", ["-c", `"${process.execPath}" "${cli}" scan --plan <(cat "${firstStack}") --format json --out -`], {
			encoding: "utf8",
			cwd: good,
		});
		expect(piped.status, piped.stderr).toBe(0);
	});

	it("evidence manifests that were written by somebody else: exit 2, never a crash", async () => {
		const text = contents(join(good, bundle))["evidence-manifest.json"] ?? "";
		const manifest = JSON.parse(text) as Record<string, unknown> & { run: object; files: object[] };
		const changes: Record<string, unknown>[] = [
			{ judgement: null },
			{ judgement: { entity: { timeZone: "Nowhere/Nothing" } } },
			{ profile: "sox" },
			{ run: { ...manifest.run, asOf: "yesterday" } },
			{ files: [{ path: "../../etc/passwd", bytes: 1, sha256: "00", items: 1 }] },
			{ files: [{ path: "evidence/../x.jsonl", bytes: 1, sha256: "00", items: 1 }] },
			{ schema: "mailward/evidence-manifest/v9" },
			{ targets: "all" },
			{ extra: 1 },
		];
		const jobs = changes.map((change) => {
			const dir = temporaryFolder();
			cpSync(join(good, bundle), join(dir, bundle), { recursive: true });
			write(join(dir, bundle, "evidence-manifest.json"), JSON.stringify({ ...manifest, ...change }));
			return { args: ["evaluate", bundle], cwd: dir };
		});
		for (const [index, run] of (await batch(jobs)).entries()) refused(run, `${bundle}/evidence-manifest.json`, JSON.stringify(changes[index]));
	});

	it("an input error comes before anything is moved or written", async () => {
		const dir = temporaryFolder();
		cpSync(join(good, bundle), join(dir, "mailward-report"), { recursive: true });
		const before = contents(dir);
		refused(await mailward(["scan", "--plan", "nope.json"], { cwd: dir }), "nope.json");
		expect(contents(dir)).toEqual(before);
	});
});

describe("configuration", () => {
	const slips: [string, string, RegExp][] = [
		["an unknown key", "version: 1\ndomians: []\n", /^mailward\.yaml:2:1: error domians: unknown field; did you mean domains\?$/m],
		[
			"an unknown key below",
			"version: 1\nnetwork:\n  timeoutMs: {dns: 1, stmp: 5}\n",
			/^mailward\.yaml:3:\d+: error network\.timeoutMs\.stmp: unknown field; did you mean smtp\?$/m,
		],
		[
			"an unknown check",
			"version: 1\nparameters: {logs.retenton: {retentionDays: 9}}\n",
			/^mailward\.yaml:2:14: error parameters\.logs\.retenton: .*did you mean logs\.retention\?$/m,
		],
		[
			"an unknown parameter",
			"version: 1\nparameters:\n  logs.retention: {days: 9}\n",
			/^mailward\.yaml:3:20: error parameters\.logs\.retention\.days: the check has no such parameter$/m,
		],
		[
			"a wrong address",
			'version: 1\nnetwork:\n  connect: {"192.0.2.1:25": "localhost:25"}\n',
			/^mailward\.yaml:3:\d+: error network\.connect\.\S+: "localhost:25" is not ip:port/m,
		],
		["a wrong resolver", 'version: 1\nnetwork:\n  resolvers: ["999.1.1.1"]\n', /^mailward\.yaml:3:15: error network\.resolvers\.0: /m],
		["a wrong value", "version: 2\n", /^mailward\.yaml:1:10: error version: /m],
		["a wrong domain", "version: 1\ndomains:\n  - name: exa mple\n", /^mailward\.yaml:3:11: error domains\[0\]\.name: /m],
		["broken YAML", "version: 1\ndomains: [\n", /^mailward\.yaml:\d+:\d+: error not valid YAML/m],
	];

	it("that is wrong: exit 2 with file, line and what is near", async () => {
		const jobs = slips.map(([, text]) => {
			const cwd = temporaryFolder();
			write(join(cwd, "mailward.yaml"), text);
			return { args: ["scan", "--dry-run"], cwd };
		});
		for (const [index, { code, stderr }] of (await batch(jobs)).entries()) {
			const [name, , expected] = slips[index] ?? ["", "", /^$/];
			expect(code, `${name}: ${stderr}`).toBe(2);
			expect(stderr, name).toMatch(expected);
		}
	});

	it("records with errors reach exit 2 with their codes", async () => {
		const dir = temporaryFolder();
		cpSync(join(good, "records"), join(dir, "records"), { recursive: true });
		write(join(dir, "records/waivers.yaml"), "schema: mailward/waiver/v1\nrecords:\n  - id: w1\n    nonsense: 1\n");
		const { code, stderr } = await mailward(["scan", "--records", "records"], { cwd: dir });
		expect(code, stderr).toBe(2);
		expect(stderr).toMatch(/records\/waivers\.yaml:\d+:\d+: error REC-\d{3} /);
	});
});

describe("lint", () => {
	it("of a path that holds nothing to read is no clean run: exit 2", async () => {
		const cwd = temporaryFolder();
		write(join(cwd, "templates", "notes.docx"), "x");
		const { code, stdout, stderr } = await mailward(["lint", "templates", "--format", "json"], { cwd });
		expect(stderr).toMatch(/^error: nothing was read: no file here has a name that lint reads; mailward lint --help/);
		expect([code, stdout]).toEqual([2, ""]);
	});
});
