/** Compiles to dist/ and puts beside the code what it reads at run time: wasm, data, templates, styles. */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, isAbsolute, join, relative, sep } from "node:path";
import { rolldown } from "rolldown";
import { noticesOf } from "./notices.ts";
import { usedOfSdk } from "./used-of-sdk.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const folders = ["model", "checks", "constructs", "reports", "lab"];
/** What every scan loads. Other packages are for few runs, and stay outside. */
const bundled = [
	"@aws-sdk",
	"@open-policy-agent/opa-wasm",
	"@smithy",
	"canonicalize",
	"commander",
	"d3-scale",
	"d3-shape",
	"dns-packet",
	"handlebars",
	"p-limit",
	"parse5",
	"tldts",
	"yaml",
	"yazl",
	"zod",
];
const assets = new Set([".wasm", ".yaml", ".json", ".css", ".js", ".tsv", ".zip"]);

for (const name of existsSync(dist) ? readdirSync(dist) : []) if (name !== "policies") rmSync(join(dist, name), { recursive: true, force: true });
execFileSync(join(root, "node_modules", ".bin", "tsc"), ["-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
for (const folder of folders) copyAssets(join(root, folder));
writeForCdktn();
await bundleCommandLine();
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

/**
 * The command line in few files: opening some hundred small modules is most of the start of a scan. What a command imports only
 * when it runs stays in chunks of its own, and the library's entries stay the modules that tsc wrote.
 */
async function bundleCommandLine(): Promise<void> {
	const cli = join(dist, "cli");
	const bundle = await rolldown({
		// Two entries: the program keeps its name, by which another process can run several command lines in one go.
		input: { main: join(cli, "main.js"), program: join(cli, "program.js") },
		platform: "node",
		external: (id, importer) =>
			!id.startsWith(".") &&
			!isAbsolute(id) &&
			importer?.includes("/node_modules/") !== true &&
			!bundled.some((name) => id === name || id.startsWith(`${name}/`)),
		// The modules of a package, of which only what is used comes in: a CommonJS file comes in whole.
		resolve: { mainFields: ["module", "main"] },
		// One package holds a text of 70 kB in a constant that it reads in three places.
		optimization: { inlineConst: false },
		plugins: [usedOfSdk(dist), { name: "own-url", transform: { filter: { id: { exclude: /node_modules/ } }, handler: (code, id) => withOwnUrl(code, id) } }],
	});
	const { output } = await bundle.generate({ dir: cli, format: "esm", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js", keepNames: true });
	await bundle.close();
	rmSync(cli, { recursive: true });
	const packages = new Set<string>();
	for (const file of output) {
		if (file.type !== "chunk") throw new Error(`the bundle of the command line has an unexpected file ${file.fileName}`);
		mkdirSync(dirname(join(cli, file.fileName)), { recursive: true });
		writeFileSync(join(cli, file.fileName), inAscii(file.code));
		for (const id of file.moduleIds) {
			const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? [];
			if (folder !== undefined) packages.add(folder);
		}
	}
	writeFileSync(join(cli, "THIRD-PARTY-NOTICES.txt"), noticesOf([...packages].sort()));
}

/** V8 keeps a text with any other character at two octets a character, and the whole program is such a text: 5 MB of every run. */
function inAscii(code: string): string {
	return code.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Code reads its data relative to itself: a module's own place, told from dist/cli/ where every chunk lies. CommonJS packages go into the bundle like others. */
function withOwnUrl(code: string, id: string): string {
	const own = JSON.stringify(relative(join(dist, "cli"), id).split(sep).join("/"));
	return code
		.replaceAll('createRequire(import.meta.url)("', 'require("')
		.replaceAll(/\bimport\.meta\.url\b/g, `new URL(${own}, import.meta.url).href`)
		.replaceAll(/\bimport\.meta\.dirname\b/g, `process.getBuiltinModule("node:path").join(import.meta.dirname, ${own}, "..")`)
		.replaceAll(/\bimport\.meta\.filename\b/g, `process.getBuiltinModule("node:path").join(import.meta.dirname, ${own})`);
}
