import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs checkdmarc over the first domains of the benchmark's zones, installed into `dir` on demand, and prints the ratio. */
export async function checkdmarc(dir: string, port: number, count: number, ours: number | undefined): Promise<void> {
	const venv = join(dir, "venv");
	const installed = spawnSync("sh", ["-c", `python3 -m venv ${venv} && ${venv}/bin/pip install --quiet checkdmarc==6.0.4`], { encoding: "utf8" });
	if (installed.status !== 0 || !existsSync(join(venv, "bin", "checkdmarc"))) {
		process.stdout.write(`checkdmarc could not be installed: ${installed.stderr.trim().split("\n").at(-1) ?? ""}\n`);
		return;
	}
	const script = join(dir, "peer.py");
	writeFileSync(
		script,
		`import dns.resolver, time, checkdmarc
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers = ["127.0.0.1"]
resolver.port = ${port}
names = ["d%d.bench.example" % i for i in range(${count})]
start = time.perf_counter()
checkdmarc.check_domains(names, resolver=resolver, timeout=2.0)
print(time.perf_counter() - start)
`,
	);
	const seconds = Number(
		execFileSync(join(venv, "bin", "python"), [script], { encoding: "utf8" })
			.trim()
			.split("\n")
			.at(-1),
	);
	const rate = count / seconds;
	process.stdout.write(
		`checkdmarc: ${count} domains in ${seconds.toFixed(1)} s, ${rate.toFixed(1)} domains/s${ours === undefined ? "" : `; mailward is ${(ours / rate).toFixed(0)} times as fast in the same run`}\n`,
	);
}
