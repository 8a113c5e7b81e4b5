import type { TLSSocket } from "node:tls";

/**
 * Asks for a renegotiation again and again, at most `attempts` times, and counts how many the server took part in (RFC 9325 3.5 and
 * the advice to stop clients that do it without end). A refusal, silence or a closed connection ends it.
 */
export async function renegotiate(tls: TLSSocket, attempts: number, timeoutMs: number): Promise<number> {
	// The runtime leaves listeners behind with every attempt.
	tls.setMaxListeners(0);
	for (let done = 0; done < attempts; done++) if (!(await once(tls, timeoutMs))) return done;
	return attempts;
}

function once(tls: TLSSocket, timeoutMs: number): Promise<boolean> {
	return new Promise((resolve) => {
		const finish = (accepted: boolean): void => {
			clearTimeout(timer);
			tls.off("close", onEnd);
			tls.off("error", onEnd);
			resolve(accepted);
		};
		const onEnd = (): void => finish(false);
		const timer = setTimeout(onEnd, timeoutMs);
		tls.once("close", onEnd);
		tls.once("error", onEnd);
		if (tls.destroyed) onEnd();
		else if (!tls.renegotiate({}, (error) => finish(error === null || error === undefined))) onEnd();
	});
}
