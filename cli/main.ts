#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { keepCompiledCode } from "./compile-cache.ts";

// Nothing else is loaded for --version: it costs a process start and one file.
if (process.argv[2] === "--version" || process.argv[2] === "-V") {
	process.stdout.write(`${(JSON.parse(readFileSync(packageFile(), "utf8")) as { version: string }).version}\n`);
} else if (isSupported(process.versions.node)) {
	// Left alone, V8 takes up to 96 MB for new objects and lets the rest grow to four times what is in use: docs/decisions/0020-memory-of-a-scan.md.
	setFlagsFromString("--semi-space-growth-factor=1");
	setFlagsFromString("--heap-growing-percent=80");
	keepCompiledCode();
	const { main } = await import("./program.ts");
	process.exitCode = await main(process.argv);
} else {
	runOnBundledNode();
}

function isSupported(version: string): boolean {
	const [major = 0, minor = 0] = version.split(".").map(Number);
	return major > 22 || (major === 22 && minor >= 19);
}

/** In a checkout a newer Node is among the dev dependencies: use it. Elsewhere say what is needed. */
function runOnBundledNode(): void {
	const node = fileURLToPath(new URL("node_modules/node/bin/node", new URL(".", `file://${packageFile()}`)));
	if (!existsSync(node)) {
		process.stderr.write(`mailward needs Node 22.19 or newer; this is ${process.versions.node}\n`);
		process.exitCode = 2;
		return;
	}
	// Both processes get the terminal's Ctrl-C; this one waits for the other to stop cleanly.
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
	const { spawnSync } = process.getBuiltinModule("node:child_process");
	const child = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
	process.exitCode = child.status ?? 128 + (child.signal === null ? 0 : constants.signals[child.signal]);
}

function packageFile(): string {
	for (const up of ["../package.json", "../../package.json"]) {
		const file = fileURLToPath(new URL(up, import.meta.url));
		if (existsSync(file)) return file;
	}
	throw new Error("package.json of mailward was not found");
}
