/** What a command is given besides its options. */
export interface Invocation {
	/** Aborted by the first Ctrl-C or SIGTERM; a second one ends the process at once. */
	signal: AbortSignal;
	/** Set by the command; 0 if it sets nothing. */
	exit(code: number): void;
}
