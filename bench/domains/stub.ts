/** A DNS server of its own process: answers from zones.ts, each after 5 ms. Prints its port; answers "count" on stdin with the questions so far. */
import { createSocket } from "node:dgram";
import { createRequire } from "node:module";
import { answersFor } from "./zones.ts";

interface Packet {
	id: number;
	questions: { name: string; type: string }[];
}
const packets = createRequire(import.meta.url)("dns-packet") as { decode(octets: Buffer): Packet; encode(packet: object): Buffer };

const delayMs = Number(process.argv[2] ?? 5);
const cache = new Map<string, Buffer>();
const socket = createSocket({ type: "udp4", recvBufferSize: 8 * 1024 * 1024, sendBufferSize: 8 * 1024 * 1024 });
let questions = 0;

socket.on("message", (octets, peer) => {
	questions += 1;
	const { id, questions: asked } = packets.decode(octets);
	const question = asked[0];
	if (question === undefined) return;
	setTimeout(() => {
		const answer = Buffer.from(answerOf(question.name.toLowerCase(), question.type));
		answer.writeUInt16BE(id, 0);
		socket.send(answer, peer.port, peer.address);
	}, delayMs);
});

function answerOf(name: string, type: string): Buffer {
	const key = `${type} ${name}`;
	let answer = cache.get(key);
	if (answer === undefined) {
		const found = answersFor(name, type);
		answer = packets.encode({
			type: "response",
			id: 0,
			// RD, RA, AA; NXDOMAIN is 3.
			flags: 0x0580 | (found === undefined ? 3 : 0),
			questions: [{ name, type }],
			answers: (found ?? []).map((record) => ({ name, ttl: 300, ...record })),
			authorities: found?.length
				? []
				: [
						{
							type: "SOA",
							name: "bench.example",
							ttl: 300,
							data: { mname: "ns.bench.example", rname: "h.bench.example", serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 300 },
						},
					],
		});
		if (cache.size < 200_000) cache.set(key, answer);
	}
	return answer;
}

socket.bind(0, "127.0.0.1", () => process.stdout.write(`${socket.address().port}\n`));
process.stdin.on("data", () => process.stdout.write(`${questions}\n`));
process.stdin.on("end", () => socket.close());
