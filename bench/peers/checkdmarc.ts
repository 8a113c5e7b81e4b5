import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Runs checkdmarc over the first domains of the benchmark's zones, installed into `dir` on demand, and gives its domains a second, or
 * undefined where it could not be had. Its parts are
 * called one by one, so that it asks the stub and nobody else, and what the benchmark does not do is left out for both:
 * its own check of DNSSEC, and the policy of MTA-STS and the logo of BIMI over HTTPS.
 */
export async function checkdmarc(dir: string, port: number, count: number): Promise<number | undefined> {
	const venv = join(dir, "venv");
	const installed = spawnSync("sh", ["-c", `python3 -m venv ${venv} && ${venv}/bin/pip install --quiet checkdmarc==6.0.4`], { encoding: "utf8" });
	if (installed.status !== 0 || !existsSync(join(venv, "bin", "checkdmarc"))) {
		process.stdout.write(`checkdmarc could not be installed: ${installed.stderr.trim().split("\n").at(-1) ?? ""}\n`);
		return undefined;
	}
	const script = join(dir, "peer.py");
	writeFileSync(
		script,
		`import logging, time
import dns.resolver
from checkdmarc.bimi import query_bimi_record
from checkdmarc.dmarc import check_dmarc
from checkdmarc.mta_sts import query_mta_sts_record
from checkdmarc.smtp import check_mx
from checkdmarc.smtp_tls_reporting import check_smtp_tls_reporting
from checkdmarc.spf import check_spf
from dns.nameserver import Do53Nameserver
logging.disable(logging.CRITICAL)
server = Do53Nameserver("127.0.0.1", ${port})
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers = [server]
start = time.perf_counter()
for index in range(${count}):
    name = f"d{index}.bench.example"
    # Asks for DS records of each MX host, and by default the system's resolver for them.
    check_mx(name, nameservers=[server], resolver=resolver)
    for part in (check_spf, check_dmarc, check_smtp_tls_reporting, query_mta_sts_record, query_bimi_record):
        part(name, resolver=resolver)
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
	process.stdout.write(`checkdmarc: ${count} domains in ${seconds.toFixed(1)} s, ${rate.toFixed(1)} domains/s\n`);
	return rate;
}
