import type { Progress } from "../pipeline/progress.ts";
import { shownText, type Terminal } from "./terminal.ts";

/** On a terminal one line that is rewritten; elsewhere a plain line per finished target. */
export function drawProgress(terminal: Terminal): { progress: Progress; clear(): void } {
	const running = new Set<string>();
	let drawn = false;
	const clear = (): void => {
		if (drawn) process.stderr.write("\r\u001b[2K");
		drawn = false;
	};
	const draw = (done: number, of: number): void => {
		clear();
		const names = [...running];
		const width = Math.max(20, (process.stderr.columns ?? 80) - 24);
		const text = names.length === 0 ? "" : `${shownText(names[0] ?? "", width)}${names.length > 1 ? ` and ${names.length - 1} more` : ""}`;
		process.stderr.write(`${terminal.paint("cyan", `[${done}/${of}]`)} ${text.slice(0, width)}`);
		drawn = true;
	};
	let done = 0;
	let of = 0;
	const progress: Progress = (event) => {
		if (event.type === "note") {
			clear();
			terminal.line(event.text);
		} else if (event.type === "stage") {
			clear();
			if (!terminal.interactive)
				terminal.line(event.stage === "collect" ? "collecting evidence" : event.stage === "evaluate" ? "judging" : "writing the report");
		} else if (event.type === "target-started") {
			running.add(event.target);
			of = Math.max(of, done + running.size);
			if (terminal.interactive) draw(done, of);
		} else {
			running.delete(event.target);
			done = event.done;
			of = event.of;
			const gaps = event.errors === 0 ? "" : `, ${event.errors} could not be looked at`;
			if (terminal.interactive) draw(done, of);
			else terminal.line(`  [${event.done}/${event.of}] ${event.kind} ${shownText(event.target)}: ${event.items} items${gaps}`);
		}
	};
	return { progress, clear };
}
