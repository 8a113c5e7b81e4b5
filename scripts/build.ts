/** Compiles to dist/ and puts beside the code what it reads at run time: wasm, data, templates, styles. */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const folders = ["model", "checks", "constructs", "reports", "lab"];
const assets = new Set([".wasm", ".yaml", ".json", ".hbs", ".css", ".tsv", ".zip"]);

for (const name of existsSync(dist) ? readdirSync(dist) : []) if (name !== "policies") rmSync(join(dist, name), { recursive: true, force: true });
execFileSync(join(root, "node_modules", ".bin", "tsc"), ["-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
for (const folder of folders) copyAssets(join(root, folder));
writeForCdktn();
chmodSync(join(dist, "cli", "main.js"), 0o755);
if (!readFileSync(join(dist, "cli", "main.js"), "utf8").startsWith("#!")) throw new Error("dist/cli/main.js lost its first line");

function copyAssets(folder: string): void {
	for (const entry of readdirSync(folder)) {
		const from = join(folder, entry);
		if (statSync(from).isDirectory()) {
			// Policies are in the wasm; fixtures and test data are not shipped.
			if (entry !== "policies" && entry !== "fixtures" && entry !== "testing") copyAssets(from);
		} else if (assets.has(extname(entry)) && !entry.endsWith(".cases.yaml")) {
			const to = join(dist, relative(root, from));
			mkdirSync(dirname(to), { recursive: true });
			cpSync(from, to);
		}
	}
}

/** `mailward/cdktn`: the same constructs on CDK Terrain, which forked cdktf and kept its names. */
function writeForCdktn(): void {
	const [from, to] = [join(dist, "constructs"), join(dist, "constructs-cdktn")];
	cpSync(from, to, { recursive: true });
	for (const entry of readdirSync(to, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name);
		if (!entry.isFile() || !/\.(?:js|d\.ts)$/.test(entry.name)) continue;
		const text = readFileSync(path, "utf8");
		writeFileSync(
			path,
			text.replaceAll(/(?<=\bfrom ")(?:cdktf|@cdktf\/provider-aws)(?=["/])/g, (name) => name.replace("cdktf", "cdktn")),
		);
	}
}
