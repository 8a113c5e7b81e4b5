import { setImmediate } from "node:timers/promises";

const busyMs = 50;

/**
 * Lets the event loop run now and then during long work that waits for nothing: otherwise no signal is heard until it ends, and Ctrl-C does
 * nothing for as long as a large account takes.
 */
export function breather(): () => Promise<void> {
	let last = performance.now();
	return async () => {
		if (performance.now() - last < busyMs) return;
		await setImmediate();
		last = performance.now();
	};
}
