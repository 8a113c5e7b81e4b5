import { execFileSync } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkdmarc } from "../peers/checkdmarc.ts";
import { type Timing, timed } from "../timed.ts";
import { type Stub, startStub } from "./start-stub.ts";

const root = join(import.meta.dirname, "..", "..");
/** The posture that the DNS alone shows: SPF with its tree, DMARC with its walk, DKIM by selectors, MTA-STS and TLS-RPT records, BIMI, MX. */
export const dnsOnly = [
	...[
		"single_record",
		"syntax_valid",
		"lookup_limit",
		"void_lookup_limit",
		"no_loops",
		"terminal_refusal",
		"include_targets_valid",
		"ptr_unused",
		"macros_valid",
	].map((name) => `spf.${name}`),
	...["record_published", "tags_valid", "policy_enforced", "subdomains_covered", "nonexistent_covered", "not_testing", "aggregate_reports"].map(
		(name) => `dmarc.${name}`,
	),
	...["key_published", "keys_well_formed", "rsa_2048", "not_testing"].map((name) => `dkim.${name}`),
	...["mta_sts.record_published", "tls_rpt.record_published", "tls_rpt.addresses_valid", "bimi.record_valid", "mx.hosts_resolve", "mx.null_mx_alone"],
];

/** Selectors asked at a domain in the load that the figures are held to; a wildcard is probed for beside them. */
const selectors = 12;

/** What the figures are held to, on an idle machine of two cores. */
const targets = { domainsPerSecond: 100, timesCheckdmarc: 10, shareOfBareResolver: 70, timeGrowth: 11, peakMegabytes: 200 };

/**
 * The DNS posture of 1,000 and 10,000 domains, 12 selectors each, collected, judged and written, against a stub that answers after 5 ms,
 * and once with every built-in selector; the resolver alone beside bare dns-packet; then the same zones by checkdmarc, where Python can install it (`--no-peers` leaves it out). Wall time
 * and peak memory are those of whole processes; every figure with a target prints it.
 */
export async function run(args: readonly string[]): Promise<void> {
	const { values } = parseArgs({
		args: [...args],
		options: { sizes: { type: "string", default: "1000,10000" }, peers: { type: "boolean", default: true }, concurrency: { type: "string", default: "10" } },
		allowNegative: true,
	});
	process.stdout.write(`load average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores: wall times are those of an idle machine only near 0\n`);
	const stub = await startStub(5);
	const dir = mkdtempSync(join(tmpdir(), "mailward-bench-"));
	try {
		const figures: Figures[] = [];
		for (const size of values.sizes.split(",").map(Number)) {
			const figure = await scan(dir, stub, size, selectors, values.concurrency);
			figures.push(figure);
			held(`${size} domains`, size / figure.seconds, "domains/s", "at least", targets.domainsPerSecond);
			held(`${size} domains, peak of resident memory`, figure.peakMegabytes, "MB", "under", targets.peakMegabytes);
		}
		const [small, large] = figures;
		if (small !== undefined) {
			const { seconds, peakMegabytes } = await scan(dir, stub, small.size, undefined, values.concurrency);
			process.stdout.write(`with every built-in selector: ${(small.size / seconds).toFixed(0)} domains/s, ${peakMegabytes} MB\n`);
		}
		if (small !== undefined && large !== undefined) {
			const times = large.size / small.size;
			held(`${times} times the domains, wall time`, large.seconds / small.seconds, "times", "at most", (targets.timeGrowth * times) / 10);
			held(`${times} times the domains, CPU time`, large.cpuSeconds / small.cpuSeconds, "times", "at most", (targets.timeGrowth * times) / 10);
		}
		resolverAlone(stub.port);
		const peer = values.peers ? await checkdmarc(dir, stub.port, 50) : undefined;
		if (peer !== undefined && small !== undefined)
			held("beside checkdmarc", small.size / small.seconds / peer, "times as fast", "at least", targets.timesCheckdmarc);
	} finally {
		stub.stop();
		rmSync(dir, { recursive: true, force: true });
	}
}

interface Figures extends Timing {
	size: number;
}

/** Scans the first domains of the zones, with so many guessed selectors each, and prints what it took. */
async function scan(dir: string, stub: Stub, size: number, guesses: number | undefined, concurrency: string): Promise<Figures> {
	const network = { resolvers: [`127.0.0.1:${stub.port}`], connectOnly: true, dkimGuesses: guesses };
	writeFileSync(join(dir, "mailward.yaml"), JSON.stringify({ version: 1, network }));
	const [list, out] = [join(dir, "list.txt"), join(dir, "out")];
	writeFileSync(list, Array.from({ length: size }, (_, index) => `d${index}.bench.example\n`).join(""));
	const before = await stub.questions();
	const timing = await timed(dir, process.execPath, [
		join(root, "dist/cli/main.js"),
		...["scan", "--domains", list, "--out", out, "--concurrency", concurrency, "--quiet"],
		...dnsOnly.flatMap((glob) => ["--check", glob]),
	]);
	const each = ((await stub.questions()) - before) / size;
	const lines = await countLines(join(out, "results.jsonl"));
	rmSync(out, { recursive: true });
	const { seconds, cpuSeconds, code } = timing;
	process.stdout.write(
		`${size} domains: ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU, ${each.toFixed(1)} questions each, ${lines} result lines, exit ${code}\n`,
	);
	return { size, ...timing };
}

/** Questions a second by the resolver, against those of dns-packet with a pool of sockets and nothing around it; in turn, medians. */
function resolverAlone(port: number): void {
	const turns = Array.from({ length: 5 }, () =>
		["ours", "bare"].map((mode) => {
			const told = execFileSync(process.execPath, [join(import.meta.dirname, "questions.ts"), mode, String(port), "1000"], { encoding: "utf8" });
			return JSON.parse(told) as { questions: number; seconds: number; cpuSeconds: number };
		}),
	);
	const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
	const rate = (at: number): string => median(turns.map((turn) => (turn[at]?.questions ?? 0) / (turn[at]?.seconds ?? 1))).toFixed(0);
	const share = (of: "seconds" | "cpuSeconds"): number => median(turns.map(([own, other]) => (100 * (other?.[of] ?? 0)) / (own?.[of] ?? 1)));
	process.stdout.write(`resolver alone: ${rate(0)} questions/s, bare dns-packet ${rate(1)}\n`);
	held("resolver alone, of the rate of bare dns-packet", share("seconds"), "%", "at least", targets.shareOfBareResolver);
	held("the same by CPU time", share("cpuSeconds"), "%", "at least", targets.shareOfBareResolver);
}

/** A file of ten thousand results is longer than a string can be. */
async function countLines(file: string): Promise<number> {
	let lines = 0;
	for await (const octets of createReadStream(file)) for (const octet of octets as Buffer) if (octet === 10) lines += 1;
	return lines;
}

function held(what: string, value: number, unit: string, bound: "at least" | "at most" | "under", target: number): void {
	const met = bound === "at least" ? value >= target : bound === "at most" ? value <= target : value < target;
	const digits = value < 20 ? 1 : 0;
	process.stdout.write(`${met ? "met   " : "MISSED"} ${what}: ${value.toFixed(digits)} ${unit} (${bound} ${target})\n`);
}
