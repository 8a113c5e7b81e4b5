/**
 * Compiles checks/policies/** to checks/policy.wasm with one entrypoint per check, and writes checks/policy.lock.json.
 * Needs OPA 1.22.2 on PATH, else Go to install it. The build runs in dist/policies with fixed relative paths, so that the same
 * sources give the same bytes in any checkout.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { readMetadata } from "../checks/engine/metadata.ts";
import type { PolicyLock } from "../checks/engine/policy-lock.ts";
import { sha256Hex } from "../model/canonical.ts";
import { listPolicies } from "./list-policies.ts";

const opaVersion = "1.22.2";
const root = join(import.meta.dirname, "..");
const build = join(root, "dist", "policies");

const opa = findOpa();
rmSync(build, { recursive: true, force: true });
mkdirSync(build, { recursive: true });

const { checks, libraries } = listPolicies(root);
const lock: PolicyLock = { opa: opaVersion, wasmSha256: "", libraries: {}, checks: {} };
for (const library of libraries) {
	const text = readFileSync(join(root, library), "utf8");
	lock.libraries[library] = sha256Hex(text);
	put(library.replace("checks/", ""), text);
}
for (const { id, file } of checks) {
	const text = readFileSync(join(root, file), "utf8");
	if (!text.includes(`\npackage policies.${id}\n`)) throw new Error(`${file}: the package must be policies.${id}, after its folder`);
	lock.checks[id] = { entrypoint: `verdict/${id.replaceAll(".", "/")}/of`, file, sha256: sha256Hex(text), metadata: readMetadata(text, file, id) };
	put(file.replace("checks/", ""), text);
	// The entry returns ids, not whole items: what leaves the wasm stays small however large the evidence is.
	put(
		`entry/${id}.rego`,
		`package verdict.${id}\n\nof := {"resources": {item._id | some item in data.policies.${id}.resources}, "deny": data.policies.${id}.deny}\n`,
	);
}
put("schemas/evidence.json", JSON.stringify(inputSchema(checks.flatMap((check) => lock.checks[check.id]?.metadata.evidence ?? []))));
put("capabilities.json", JSON.stringify(capabilities()));

run(["fmt", "--fail", "--list", "policies"]);
run(["check", "--strict", "--capabilities", "capabilities.json", "--schema", "schemas", "policies", "entry"]);
run([
	"build",
	"--target",
	"wasm",
	"--capabilities",
	"capabilities.json",
	...Object.values(lock.checks).flatMap((check) => ["--entrypoint", check.entrypoint]),
	"--output",
	"bundle.tar.gz",
	"policies",
	"entry",
]);
execFileSync("tar", ["-xzf", "bundle.tar.gz", "/policy.wasm"], { cwd: build, stdio: "ignore" });
const wasm = readFileSync(join(build, "policy.wasm"));
lock.wasmSha256 = sha256Hex(wasm);
writeFileSync(join(root, "checks", "policy.wasm"), wasm);
writeFileSync(join(root, "checks", "policy.lock.json"), `${JSON.stringify(lock, null, "\t")}\n`);
process.stdout.write(`${checks.length} checks, ${Math.round(wasm.length / 1024)} kB wasm, sha256 ${lock.wasmSha256.slice(0, 12)}\n`);

function put(path: string, text: string): void {
	const file = join(build, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

function run(args: string[]): void {
	execFileSync(opa, args, { cwd: build, stdio: ["ignore", "inherit", "inherit"] });
}

function findOpa(): string {
	for (const candidate of ["opa", join(homedir(), "go", "bin", "opa")]) {
		if (versionOf(candidate) === opaVersion) return candidate;
	}
	process.stdout.write(`OPA ${opaVersion} is not on PATH; installing it with Go\n`);
	try {
		execFileSync("go", ["install", `github.com/open-policy-agent/opa@v${opaVersion}`], { stdio: "inherit" });
	} catch (error) {
		throw new Error(`could not install OPA ${opaVersion}: put opa on PATH, or Go to install it (${error instanceof Error ? error.message : String(error)})`);
	}
	return join(homedir(), "go", "bin", "opa");
}

function versionOf(command: string): string | undefined {
	if (command.includes("/") && !existsSync(command)) return undefined;
	try {
		return /^Version: (\S+)/m.exec(execFileSync(command, ["version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }))?.[1];
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}

/** Builtins that both OPA and the JavaScript host know: a policy that needs another fails to compile. */
function capabilities(): unknown {
	const current = JSON.parse(execFileSync(opa, ["capabilities", "--current"], { encoding: "utf8" })) as { builtins: { name: string }[] };
	const host = JSON.parse(readFileSync(join(root, "node_modules/@open-policy-agent/opa-wasm/capabilities.json"), "utf8")) as { builtins: { name: string }[] };
	const known = new Set(host.builtins.map((builtin) => builtin.name));
	return { ...current, builtins: current.builtins.filter((builtin) => known.has(builtin.name)) };
}

/** What a policy may read: a kind that no check declares is a compile error. */
function inputSchema(kinds: string[]): unknown {
	const item = { type: "object", additionalProperties: true };
	const properties = Object.fromEntries([...new Set(kinds)].sort().map((kind) => [kind, { type: "array", items: item }]));
	return {
		$schema: "http://json-schema.org/draft-07/schema",
		type: "object",
		additionalProperties: false,
		properties: {
			evidence: { type: "object", additionalProperties: false, properties },
			parameters: { type: "object", additionalProperties: true },
			asOf: { type: "string" },
		},
	};
}
