import { randomFillSync } from "node:crypto";

const pool = new Uint16Array(2048);
let next = pool.length;

/** 16 unpredictable bits: query ids and the choice of ports rest on them (RFC 5452 4.3). Drawn in blocks, which is faster. */
export function randomId(): number {
	if (next === pool.length) {
		randomFillSync(pool);
		next = 0;
	}
	const id = pool[next] as number;
	next += 1;
	return id;
}
