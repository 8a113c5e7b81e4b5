/** Runs many command lines through the built program in one process: what main() gives is what cli/main.ts exits with. */
import { readFileSync, writeFileSync } from "node:fs";

const [program, jobsFile, runsFile] = process.argv.slice(2);
const { main } = await import(program);
// main() listens for a reader that goes away, once per run.
process.stdout.setMaxListeners(0);
const runs = [];
for (const { args, cwd } of JSON.parse(readFileSync(jobsFile, "utf8"))) {
	process.chdir(cwd);
	const told = { stdout: "", stderr: "" };
	const real = { stdout: process.stdout.write, stderr: process.stderr.write };
	for (const name of ["stdout", "stderr"]) {
		process[name].write = (chunk) => {
			told[name] += chunk;
			return true;
		};
	}
	const started = performance.now();
	let code;
	try {
		code = await main([process.execPath, "mailward", ...args]);
	} finally {
		for (const name of ["stdout", "stderr"]) process[name].write = real[name];
	}
	runs.push({ code, ...told, ms: performance.now() - started });
}
writeFileSync(runsFile, JSON.stringify(runs));
