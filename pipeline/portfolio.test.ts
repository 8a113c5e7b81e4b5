import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configSchema } from "../model/config.ts";
import { earlierBundles } from "./bundle/chain.ts";
import { entriesOf } from "./bundle/files.ts";
import { manifestSha256Of } from "./bundle/previous.ts";
import { verifyBundle } from "./bundle/verify.ts";
import { collect } from "./collect.ts";
import { evaluateBundle } from "./evaluate.ts";
import { portfolio } from "./portfolio.ts";
import { themeOf, writeReports } from "./report.ts";

let root: string;

async function bundle(dir: string, legalName: string, at: string, previous?: string): Promise<void> {
	await mkdir(dir, { recursive: true });
	await collect({
		config: configSchema.parse({ version: 1, entity: { legalName } }),
		request: { domains: [], plans: ["examples/first-stack/cdktf.out/stacks/mail/cdk.tf.json"], records: undefined, content: [], open: (path) => path },
		out: dir,
		profile: "hipaa",
		concurrency: 4,
		now: () => new Date(at),
		signal: new AbortController().signal,
		progress: () => undefined,
		log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
	});
	const result = await evaluateBundle({ dir });
	await writeReports(dir, result, ["html"], await themeOf(dir, result, (path) => path), { previous });
}

const page = async (...names: string[]): Promise<string> =>
	readFile(
		await portfolio(
			names.map((name) => ({ dir: join(root, name), name, href: `${name}/report.html` })),
			root,
		),
		"utf8",
	);

beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), "mailward-portfolio-"));
	await bundle(join(root, "lakeside"), "Lakeside Family Practice", "2026-10-01T00:00:00Z");
	const first = await manifestSha256Of(join(root, "lakeside"));
	await rename(join(root, "lakeside"), join(root, "lakeside.20261001T000000Z"));
	await bundle(join(root, "lakeside"), "Lakeside Family Practice", "2026-11-01T00:00:00Z", first);
	await bundle(join(root, "northgate"), "Northgate Dental", "2026-11-02T00:00:00Z");
	// Not of the chain, though it lies there.
	await bundle(join(root, "northgate.20260901T000000Z"), "Somebody Else", "2026-09-01T00:00:00Z");
}, 60_000);
afterAll(() => rm(root, { recursive: true, force: true }));

describe("a portfolio", () => {
	it("links each client to its report, with the trend of its own chain alone", async () => {
		expect(await earlierBundles(join(root, "lakeside"))).toEqual([join(root, "lakeside.20261001T000000Z")]);
		const html = await page("lakeside", "northgate");
		expect(html).toContain('<a href="lakeside/report.html">Lakeside Family Practice</a>');
		expect(html).toContain('<a href="northgate/report.html">Northgate Dental</a>');
		expect(html.match(/Scan by scan/g)).toHaveLength(1);
		expect(html).toContain("2026-10-01");
		expect(html).not.toContain("2026-09-01");
		expect(html).not.toContain("Somebody Else");
	});

	it("bears the name, contact, logo, colour and texts of the firm, and leaves its clients' files without them", async () => {
		await writeFile(join(root, "firm.svg"), '<svg xmlns="http://www.w3.org/2000/svg"/>');
		const { report } = configSchema.parse({
			version: 1,
			report: {
				preparedBy: { name: "Harbor Advisors", contact: "audit@harbor.example", logo: "firm.svg" },
				theme: { accent: "#7a1f3d", coverText: "For partners only", footerText: "Harbor Advisors, Springfield" },
			},
		});
		const written = await portfolio([{ dir: join(root, "northgate"), name: "northgate", href: "northgate/report.html" }], root, {
			report,
			open: (path) => join(root, path),
		});
		const html = await readFile(written, "utf8");
		for (const part of ["Prepared by Harbor Advisors", "audit@harbor.example", 'alt="Harbor Advisors"', "--accent:#7a1f3d", "For partners only", "Springfield"])
			expect(html).toContain(part);
		expect(await readFile(join(root, "northgate/report.html"), "utf8")).not.toContain("Harbor");
		await expect(portfolio([], root, { report, open: (path) => join(root, "absent", path) })).rejects.toThrow(/firm\.svg.*no such file/);
	});

	it("leaves the bundles as they are: no file of one client names another", async () => {
		await page("lakeside", "northgate");
		for (const [name, others] of [
			["lakeside", /northgate/i],
			["northgate", /lakeside/i],
		] as const) {
			expect((await verifyBundle({ dir: join(root, name), trusted: [] })).problems).toEqual([]);
			for (const { path, kind } of await entriesOf(join(root, name))) {
				if (kind === "file") expect([path, others.test(await readFile(join(root, name, path), "utf8"))]).toEqual([path, false]);
			}
		}
	});

	it("refuses bundles that were changed, hold links or files beyond all size, now or in the chain", async () => {
		const copy = async (name: string): Promise<string> => {
			await cp(join(root, "northgate"), join(root, name), { recursive: true });
			return join(root, name);
		};
		await writeFile(join(await copy("changed"), "result.json"), "{}");
		await expect(page("changed")).rejects.toThrow(/result\.json.*was changed/);
		const linked = await copy("linked");
		await rm(join(linked, "result.json"));
		await symlink(join(root, "lakeside/result.json"), join(linked, "result.json"));
		await expect(page("linked")).rejects.toThrow(/is a link or a device: refused, and not followed/);
		await truncate(join(await copy("huge"), "result.json"), 3 * 1024 ** 3);
		await expect(page("huge")).rejects.toThrow(/at most 2147483648 are read/);
		await writeFile(
			join(await copy("outside"), "manifest.json"),
			'{"schema":"mailward/manifest/v1","previous":null,"files":[{"path":"../x","bytes":1,"sha256":"00"}]}',
		);
		await expect(page("outside")).rejects.toThrow(/is no manifest of this version|refused/);
		await writeFile(join(root, "lakeside.20261001T000000Z", "report.html"), "x");
		await expect(page("lakeside")).rejects.toThrow(/was changed; a bundle that was changed is not taken as an earlier bundle/);
	}, 60_000);
});
