import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const source = JSON.stringify(join(import.meta.dirname, "compile-cache.ts"));

/** Where a process with this environment keeps compiled code; null if nowhere. */
function cacheOf(env: Record<string, string>, cwd: string): string | null {
	const code = `const { keepCompiledCode } = await import(${source}); keepCompiledCode(); console.log(JSON.stringify((await import("node:module")).getCompileCacheDir() ?? null));`;
	const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { cwd, env, encoding: "utf8", timeout: 20_000 });
	expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
	return JSON.parse(stdout);
}

describe.skipIf(process.platform !== "linux")("compiled code", () => {
	let home: string;
	beforeEach(() => {
		home = mkdtempSync(join(tmpdir(), "mailward-home-"));
	});
	afterEach(() => rmSync(home, { recursive: true, force: true }));

	it("is kept in the user's cache folder, for the owner alone", () => {
		expect(cacheOf({ HOME: home }, home)).toContain(join(home, ".cache/mailward/node/"));
		expect(statSync(join(home, ".cache/mailward/node")).mode & 0o777).toBe(0o700);
		expect(cacheOf({ HOME: home, XDG_CACHE_HOME: join(home, "xdg") }, home)).toContain(join(home, "xdg/mailward/node/"));
		expect(cacheOf({ HOME: home, XDG_CACHE_HOME: "relative" }, home)).toContain(join(home, ".cache/mailward/node/"));
		expect(cacheOf({ HOME: home, NODE_COMPILE_CACHE: join(home, "named") }, home)).toContain(join(home, "named/"));
	});

	it("is kept nowhere when the folder is not the owner's alone, has no place or is a file", () => {
		mkdirSync(join(home, ".cache/mailward/node"), { recursive: true });
		chmodSync(join(home, ".cache/mailward/node"), 0o777);
		expect(cacheOf({ HOME: home }, home)).toBeNull();
		expect(readdirSync(join(home, ".cache/mailward/node"))).toEqual([]);
		expect(cacheOf({ HOME: join(home, "none") }, home)).toBeNull();
		expect(cacheOf({ HOME: "/proc" }, home)).toBeNull();
		writeFileSync(join(home, "file"), "");
		expect(cacheOf({ HOME: home, XDG_CACHE_HOME: join(home, "file") }, home)).toBeNull();
	});

	it("never lands in the folder that a command runs in", () => {
		for (const HOME of ["", "relative"]) expect(cacheOf({ HOME }, home)).toBeNull();
		expect(existsSync(join(home, ".cache"))).toBe(false);
		expect(readdirSync(home)).toEqual([]);
	});
});
