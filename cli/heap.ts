import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import type { Request } from "../pipeline/targets.ts";

/** Domains of one scan that hold no more than a few megabytes between them. */
const few = 3;

/**
 * Fits the limits that main.ts sets to what is scanned. A scan too short and too small for garbage to pile up has them taken back:
 * collecting it early would be an eighth of its CPU time. One of accounts waits for answers most of its time, and collects meanwhile.
 * See docs/decisions/0020-memory-of-a-scan.md.
 */
export function fitHeap(request: Request): void {
	const { domains, plans, content, reports = [], aws } = request;
	if (aws !== undefined) {
		keepHeapLow();
		return;
	}
	if (plans.length > 0) growNewSpace();
	if (domains.length > few || plans.length + content.length + reports.length > 0) return;
	letNewSpaceGrow();
	setFlagsFromString("--heap-growing-percent=0");
}

/** Takes back the small space for new objects alone, where thousands of texts are parsed in a row: a fifth less CPU time for no more memory. */
export function letNewSpaceGrow(): void {
	setFlagsFromString("--semi-space-growth-factor=2");
}

/** Collects sooner than main.ts asks for, where a whole result stands in memory beside what is written of it, or a scan has the time: a tenth of the CPU time for a sixth of the memory. */
export function keepHeapLow(): void {
	setFlagsFromString("--heap-growing-percent=25");
}

/** Octets of the space for new objects while a list of domains is scanned: two halves of 4 MB. */
const listSpace = 8 * 1024 * 1024;
const growth = 4;

/**
 * Gives a list of domains a larger space for new objects, of a fixed size: what is made for one domain then mostly dies there, where in
 * the space that main.ts leaves it is moved twice before. V8 takes the size at its start alone, but grows the space when enough of it
 * is in use: so it is filled until it has grown once. See docs/decisions/0131-a-list-of-domains-is-bound-by-its-garbage.md.
 */
export function growNewSpace(growingPercent = 50): void {
	setFlagsFromString(`--semi-space-growth-factor=${growth}`);
	const kept: number[][] = [];
	// Where V8 grows nothing, the scan goes on in the space it has.
	while (kept.length < 400 && newSpace() < listSpace) kept.push(new Array<number>(8192).fill(0));
	setFlagsFromString("--semi-space-growth-factor=1");
	// Less reaches the old space now: it may be collected sooner at no cost.
	setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
}

function newSpace(): number {
	return getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_size ?? listSpace;
}
