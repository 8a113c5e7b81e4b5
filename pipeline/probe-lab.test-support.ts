import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority, type Lab, type LabWorld, startLab } from "../lab/index.ts";
import { type Config, configSchema } from "../model/config.ts";
import type { Evidence, EvidenceManifest } from "../model/evidence.ts";
import type { ResultDocument } from "../model/result.ts";
import { collect } from "./collect.ts";
import { evaluateBundle } from "./evaluate.ts";
import { readEvidence, readManifest } from "./evidence-files.ts";
import { probe, probeText } from "./probe.ts";
import type { ProbeDocument } from "./probe-file.ts";
import type { Request } from "./targets.ts";

/** One mail world seen from two networks: the vantage, where port 25 is open, and here, where it is not. */
export const domain = "clinic.example";
export const address = "mx1.clinic.example|192.0.2.10|25";
export const clock = new Date("2026-11-24T09:00:00Z");

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

export interface TwoNetworks {
	dir: string;
	there: Lab;
	here: Lab;
	key: KeyObject;
	publicPem: string;
	/** The probe made there, signed with the key. */
	file: string;
	document: ProbeDocument;
	write(name: string, text: string): string;
	scan(options: ScanOptions): Promise<Scanned>;
	close(): Promise<void>;
}

export interface ScanOptions {
	evidence: string[];
	now?: Date;
	lab?: Lab;
	config?: Partial<Config>;
	trust?: string[];
	domains?: string[];
}

export interface Scanned {
	result: ResultDocument;
	manifest: EvidenceManifest;
	items: Evidence[];
}

export function world(smtp: LabWorld["smtp"], mx: string[] = ["10 mx1.clinic.example"]): LabWorld {
	return {
		dns: {
			names: {
				[domain]: { MX: mx },
				"mx1.clinic.example": { A: "192.0.2.10" },
				"mx2.clinic.example": { A: "192.0.2.11" },
			},
		},
		smtp,
	};
}

export const open = { "192.0.2.10": { host: "mx1.clinic.example" } } satisfies LabWorld["smtp"];
export const closed = { "192.0.2.10": { host: "mx1.clinic.example", refuse: true } } satisfies LabWorld["smtp"];

export async function twoNetworks(): Promise<TwoNetworks> {
	const dir = mkdtempSync(join(tmpdir(), "mailward-probe-"));
	const certificates = createAuthority({ now: clock, seed: "probe" });
	const there = await startLab(world(open), { certificates, now: clock });
	const here = await startLab(world(closed), { certificates, now: clock });
	const { privateKey, publicKey } = generateKeyPairSync("ed25519");
	const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
	const caFile = join(dir, "ca.pem");
	writeFileSync(caFile, there.caPem);
	const document = await probeWith(there, caFile);
	const write = (name: string, text: string): string => {
		writeFileSync(join(dir, name), text);
		return join(dir, name);
	};
	let runs = 0;
	return {
		dir,
		there,
		here,
		key: privateKey,
		publicPem,
		document,
		file: write("probe.json", probeText(document, privateKey)),
		write,
		async scan({ evidence, now = clock, lab = here, config = {}, trust = [publicPem], domains = [domain] }) {
			const out = mkdtempSync(join(dir, `run-${runs++}-`));
			const merged = configSchema.parse({
				version: 1,
				domains: domains.map((name) => ({ name })),
				network: { ...lab.network, caFile },
				trust: { keys: trust },
				...config,
			});
			const signal = new AbortController().signal;
			await collect({
				config: merged,
				request: requestOf(merged),
				out,
				profile: "hipaa",
				concurrency: 5,
				now: () => now,
				signal,
				progress: () => undefined,
				log,
				evidence,
			});
			const { manifest } = await readManifest(out);
			const items: Evidence[] = [];
			for await (const { item } of readEvidence(out, manifest)) items.push(item);
			return { result: await evaluateBundle({ dir: out }), manifest, items };
		},
		async close() {
			await Promise.all([there.close(), here.close()]);
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

export function requestOf(config: Config): Request {
	return { domains: config.domains, plans: [], records: undefined, content: [], open: (path) => path };
}

export async function probeWith(
	lab: Lab,
	caFile: string,
	hosts: string[] = [domain],
	vantage: string | undefined = "198.51.100.7",
	now = clock,
): Promise<ProbeDocument> {
	const config = configSchema.parse({ version: 1, domains: [{ name: domain }], network: { ...lab.network, caFile } });
	const signal = new AbortController().signal;
	return probe({ config, request: requestOf(config), hosts, vantage, concurrency: 5, now: () => now, signal, progress: () => undefined, log });
}
