import { createRequire } from "node:module";
import type { pino as Pino } from "pino";

export interface Log {
	debug(message: string, fields?: Record<string, unknown>): void;
	info(message: string, fields?: Record<string, unknown>): void;
	warn(message: string, fields?: Record<string, unknown>): void;
}

/** Logs to stderr. --verbose shows debug lines, --log-format json writes them as JSON; values under telling names are redacted. */
export function createLog(options: { verbose: boolean; json: boolean }): Log {
	if (!options.json) {
		const write = (level: string, message: string, fields?: Record<string, unknown>): void => {
			process.stderr.write(`${level} ${message}${fields === undefined ? "" : ` ${JSON.stringify(fields)}`}\n`);
		};
		return {
			debug: (message, fields) => (options.verbose ? write("debug", message, fields) : undefined),
			info: (message, fields) => (options.verbose ? write("info", message, fields) : undefined),
			warn: (message, fields) => write("warn", message, fields),
		};
	}
	// Loaded only when asked for: plain runs do not pay for it.
	const pino = createRequire(import.meta.url)("pino") as typeof Pino;
	const logger = pino(
		{
			level: options.verbose ? "debug" : "info",
			base: null,
			redact: { paths: ["password", "secret", "token", "authorization", "credentials", "*.password", "*.secret", "*.token"], censor: "[redacted]" },
		},
		pino.destination(2),
	);
	return {
		debug: (message, fields) => logger.debug(fields ?? {}, message),
		info: (message, fields) => logger.info(fields ?? {}, message),
		warn: (message, fields) => logger.warn(fields ?? {}, message),
	};
}
