import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/**
 * The packed tarball in an empty folder, as a user has it: by the tsconfig of cdktf's TypeScript template (CommonJS, so that
 * TypeScript 5 resolves modules the old way and reads no "exports") and as an ECMAScript module.
 *
 * Packages that npm would fetch are linked from here; TypeScript 5 alone is installed, as this project compiles with a newer one.
 */
const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "mailward-packed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Those of the template that `cdktf init --template=typescript` copies, cdktf 0.21. */
const compilerOptions = {
	alwaysStrict: true,
	declaration: true,
	experimentalDecorators: true,
	incremental: true,
	inlineSourceMap: true,
	inlineSources: true,
	noEmitOnError: true,
	noFallthroughCasesInSwitch: true,
	noImplicitAny: true,
	noImplicitReturns: true,
	noImplicitThis: true,
	noUnusedLocals: true,
	noUnusedParameters: true,
	resolveJsonModule: true,
	skipLibCheck: true,
	strict: true,
	strictNullChecks: true,
	strictPropertyInitialization: true,
	stripInternal: true,
};
const kinds = {
	CommonJS: { type: "commonjs", compilerOptions: { ...compilerOptions, lib: ["es2018"], module: "CommonJS", target: "ES2018" } },
	ESM: { type: "module", compilerOptions: { ...compilerOptions, lib: ["es2022"], module: "NodeNext", target: "ES2022" } },
} as const;
const frameworks = {
	cdktf: { entry: "mailward", core: "cdktf", provider: "@cdktf/provider-aws" },
	cdktn: { entry: "mailward/cdktn", core: "cdktn", provider: "@cdktn/provider-aws" },
} as const;

function run(cwd: string, command: string, ...args: string[]): { status: number | null; output: string } {
	const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", env: { ...process.env, CDKTF_OUTDIR: "", NO_COLOR: "1" } });
	return { status, output: `${stdout ?? ""}${stderr ?? ""}${error === undefined ? "" : error.message}` };
}

function link(name: string, modules: string): void {
	const path = join(modules, name);
	mkdirSync(dirname(path), { recursive: true });
	symlinkSync(join(root, "node_modules", name), path);
}

function appOf({ entry, core, provider }: (typeof frameworks)[keyof typeof frameworks]): string {
	return `import { AwsProvider } from "${provider}/lib/provider/index.js";
import { App, TerraformStack } from "${core}";
import { Construct } from "constructs";
import { CompliantMail } from "${entry}";
import { judgeOnSynth, judgeStack, waivedBy } from "mailward/testing";

class MailStack extends TerraformStack {
	constructor(scope: Construct, id: string) {
		super(scope, id);
		new AwsProvider(this, "aws", { region: "us-east-1" });
		const mail = new CompliantMail(this, "clinic", { domain: "clinic.example", hostedZoneId: "Z0123456789ABCDEFGHIJ", mxHosts: ["mx.clinic.example"], unsubscribe: true });
		const arn: string = mail.encryptionKey.arn;
		if (arn === "") throw new Error("a key without a name");
		// @ts-expect-error the types are those of the construct, not any
		mail.encryptionKey.noSuchProperty;
	}
}

const app = new App({ outdir: "cdktf.out" });
new MailStack(app, "mail");
judgeOnSynth(app);
app.synth();
console.log(typeof judgeStack, typeof waivedBy);
`;
}

// In a folder of its own: the programs under test must not find it beside them by accident.
const compiler = join(folder, "compiler");
mkdirSync(compiler);
writeFileSync(join(compiler, "package.json"), "{}");
const fetched = run(compiler, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "typescript@5.9");
if (fetched.status !== 0) console.log(`test/smoke/package.test.ts: not run, npm cannot fetch TypeScript 5: ${fetched.output.trim().split("\n").at(-1)}`);

describe.skipIf(fetched.status !== 0)("the packed tarball", () => {
	let tarball: string;
	const synthesized = new Map<string, { resource: object }>();

	beforeAll(() => {
		const packed = run(root, "npm", "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
		const [first] = JSON.parse(packed.output.slice(packed.output.indexOf("[\n"), packed.output.lastIndexOf("]") + 1)) as { filename: string }[];
		tarball = join(folder, first?.filename ?? "");
	});

	describe.each(Object.keys(frameworks) as (keyof typeof frameworks)[])("on %s", (name) => {
		const framework = frameworks[name];
		it.each(Object.keys(kinds) as (keyof typeof kinds)[])("compiles and synthesizes as %s, with no other framework there", (kind) => {
			const directory = join(folder, `${name}-${kind}`);
			const modules = join(directory, "node_modules");
			mkdirSync(join(modules, "mailward"), { recursive: true });
			expect(run(directory, "tar", "xzf", tarball, "-C", join(modules, "mailward"), "--strip-components=1")).toEqual({ status: 0, output: "" });
			const { dependencies } = JSON.parse(readFileSync(join(modules, "mailward/package.json"), "utf8")) as { dependencies: Record<string, string> };
			for (const dependency of [...Object.keys(dependencies), framework.core, framework.provider, "constructs", "@types/node"]) link(dependency, modules);
			writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "app", private: true, type: kinds[kind].type }));
			const { compilerOptions } = kinds[kind];
			writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"], exclude: ["node_modules"] }));
			writeFileSync(join(directory, "main.ts"), appOf(framework));

			expect(run(directory, process.execPath, join(compiler, "node_modules/typescript/bin/tsc"))).toEqual({ status: 0, output: "" });
			expect(run(directory, process.execPath, "main.js")).toEqual({ status: 0, output: "function function\n" });
			const assets = readdirSync(join(directory, "cdktf.out/stacks/mail/assets"), { recursive: true }).map(String);
			expect(assets.filter((file) => file.endsWith("lambda.zip"))).toHaveLength(1);
			synthesized.set(`${name} ${kind}`, JSON.parse(readFileSync(join(directory, "cdktf.out/stacks/mail/cdk.tf.json"), "utf8")));
		});
	});

	it("writes the same resources on both frameworks", () => {
		const [first, ...others] = [...synthesized.values()].map(({ resource }) => resource);
		expect(others).toHaveLength(3);
		for (const other of others) expect(other).toEqual(first);
	});
});
