import type { TlsSettings } from "../tls/context.ts";

export const starttlsModes = ["offered", "absent", "overwritten", "hidden", "unavailable", "injected", "command-injection", "close", "hang"] as const;
export type StarttlsMode = (typeof starttlsModes)[number];

export interface SmtpGreeting {
	/** Default 220. */
	code?: number | undefined;
	/** Text lines; several make a multi-line reply. Default: one line with the host and "ESMTP ready". */
	lines?: readonly string[] | undefined;
	/** Sent as it is (code points 0 to 255 as octets), in place of code and lines. */
	raw?: string | undefined;
	delayMs?: number | undefined;
	bytesPerSecond?: number | undefined;
	/** "silently": closes without a word. "reset": cuts the connection. "never": says nothing and stays. */
	close?: "silently" | "reset" | "never" | undefined;
	/** A line that does not end, up to this many octets, then silence. */
	endlessBytes?: number | undefined;
}

/** How one SMTP server behaves. */
export interface SmtpPersonality {
	/** Its name in the greeting and in EHLO, and on its certificate. */
	host: string;
	greeting?: SmtpGreeting | undefined;
	/** The first so many connections get this greeting instead (greylisting, a 421 that passes). */
	firstConnections?: { count: number; greeting: SmtpGreeting } | undefined;
	/** More connections than this at a time are greeted with 421. */
	maxConnections?: number | undefined;
	/** Reply code to EHLO, when it is refused: 502 makes clients fall back to HELO. */
	ehloCode?: number | undefined;
	/** Keywords of the EHLO reply besides STARTTLS; default PIPELINING, SIZE, 8BITMIME, ENHANCEDSTATUSCODES. */
	keywords?: readonly string[] | undefined;
	/** Keywords inside TLS; default as outside. */
	keywordsInTls?: readonly string[] | undefined;
	starttls?: StarttlsMode | undefined;
	/** Reply to STARTTLS with mode "unavailable"; default 454. */
	starttlsCode?: number | undefined;
	/** TLS from the first octet, as on port 465. */
	implicitTls?: boolean | undefined;
	tls?: TlsSettings | undefined;
	/** Domains whose recipients are accepted; "*" makes an open relay. */
	accepts?: readonly string[] | undefined;
	/** Nothing listens: the connection is refused. */
	refuse?: boolean | undefined;
}
