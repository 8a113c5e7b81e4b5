/**
 * Asks the stub the questions of many domains and prints { questions, seconds, cpuSeconds }: by this project's resolver, or bare, by
 * dns-packet over as many sockets and with as many questions in flight, without cache, retries, timers, matching or evidence.
 */
import { createSocket, type Socket } from "node:dgram";
import { createRequire } from "node:module";
import { createResolver } from "../../checks/network/create-resolver.ts";
import type { RecordType } from "../../checks/protocols/resolver.ts";
import { defaultConfig } from "../../model/config.ts";

type Ask = (name: string, type: RecordType) => Promise<void>;
const [mode, port = "", size = ""] = process.argv.slice(2);
const selectors = Array.from({ length: 12 }, (_, index) => `s${index + 1}`);

function questionsOf(domain: string): [name: string, type: RecordType][] {
	const texts = [
		domain,
		...["_dmarc", "_mta-sts", "_smtp._tls", "default._bimi", ...selectors.map((one) => `${one}._domainkey`)].map((below) => `${below}.${domain}`),
	];
	return [...texts.map((name): [string, RecordType] => [name, "TXT"]), [domain, "MX"], [domain, "NS"]];
}

function bare(): { ask: Ask; close(): void } {
	const packets = createRequire(import.meta.url)("dns-packet") as { decode(octets: Buffer): { id: number }; encode(packet: object): Buffer };
	const pool = Array.from({ length: 8 }, () => {
		const waiting = new Map<number, () => void>();
		const socket: Socket = createSocket("udp4");
		socket.on("message", (octets) => {
			const { id } = packets.decode(octets);
			waiting.get(id)?.();
			waiting.delete(id);
		});
		const connected = new Promise<void>((resolve) => socket.connect(Number(port), "127.0.0.1", resolve));
		return { socket, waiting, connected };
	});
	let next = 0;
	return {
		async ask(name, type) {
			const id = next++ & 0xffff;
			const { socket, waiting, connected } = pool[id % pool.length] as (typeof pool)[number];
			await connected;
			return new Promise((resolve) => {
				waiting.set(id, resolve);
				socket.send(
					packets.encode({ type: "query", id, flags: 0x0100, questions: [{ name, type }], additionals: [{ type: "OPT", name: ".", udpPayloadSize: 1232 }] }),
				);
			});
		},
		close: () => {
			for (const { socket } of pool) socket.close();
		},
	};
}

function ours(): { ask: Ask; close(): unknown } {
	const resolver = createResolver({ ...defaultConfig.network, resolvers: [`127.0.0.1:${port}`], connectOnly: true });
	return {
		async ask(name, type) {
			const { status, code } = await resolver.resolve(name, type);
			if (status === "error") throw new Error(`${name} ${type}: ${code}`);
		},
		close: () => resolver.close(),
	};
}

const questions = Array.from({ length: Number(size) }, (_, index) => questionsOf(`d${index}.bench.example`)).flat();
const { ask, close } = mode === "bare" ? bare() : ours();
const [started, used] = [performance.now(), process.cpuUsage()];
let at = 0;
const lane = async (): Promise<void> => {
	for (let question = questions[at++]; question !== undefined; question = questions[at++]) await ask(...question);
};
await Promise.all(Array.from({ length: 256 }, lane));
const { user, system } = process.cpuUsage(used);
process.stdout.write(JSON.stringify({ questions: questions.length, seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6 }));
await close();
