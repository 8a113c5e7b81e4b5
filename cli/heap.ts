import { setFlagsFromString } from "node:v8";
import type { Request } from "../pipeline/targets.ts";

/** Domains of one scan that hold no more than a few megabytes between them. */
const few = 3;

/**
 * Takes back the limits that main.ts sets, where a scan is too short and too small for garbage to pile up: collecting it early
 * would be an eighth of its CPU time. See docs/decisions/0020-memory-of-a-scan.md.
 */
export function letHeapGrow(request: Request): void {
	const { domains, plans, content, reports = [], aws } = request;
	if (domains.length > few || plans.length + content.length + reports.length > 0 || aws !== undefined) return;
	setFlagsFromString("--semi-space-growth-factor=2");
	setFlagsFromString("--heap-growing-percent=0");
}

/** Collects sooner than main.ts asks for, where a whole result stands in memory beside what is written of it: a tenth of the CPU time for a sixth of the memory. */
export function keepHeapLow(): void {
	setFlagsFromString("--heap-growing-percent=40");
}
