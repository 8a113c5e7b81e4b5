/** Whether a pattern takes an event; "unknown" where a placeholder of a plan, or an operator that is not read, decides. */
export type Answer = "yes" | "no" | "unknown";

export function all(answers: Iterable<Answer>): Answer {
	let open = false;
	for (const answer of answers) {
		if (answer === "no") return "no";
		open ||= answer === "unknown";
	}
	return open ? "unknown" : "yes";
}

export function any(answers: Iterable<Answer>): Answer {
	let open = false;
	for (const answer of answers) {
		if (answer === "yes") return "yes";
		open ||= answer === "unknown";
	}
	return open ? "unknown" : "no";
}

export function of(holds: boolean): Answer {
	return holds ? "yes" : "no";
}

/** `*` stands for any run of characters. Compared in one pass, whatever the pattern. */
export function wildcard(pattern: string, text: string): boolean {
	const [first = "", ...rest] = pattern.split("*");
	if (rest.length === 0) return pattern === text;
	if (!text.startsWith(first)) return false;
	const last = rest.pop() ?? "";
	let at = first.length;
	for (const part of rest) {
		const found = text.indexOf(part, at);
		if (found === -1) return false;
		at = found + part.length;
	}
	return text.length - last.length >= at && text.endsWith(last);
}

/** A part that a plan does not tell stands as `${address}` in the text. */
export function hasPlaceholder(text: string): boolean {
	return text.includes("${");
}
