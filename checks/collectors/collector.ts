import type { Config, DomainConfig } from "../../model/config.ts";
import type { Evidence, Target, TargetType } from "../../model/evidence.ts";
import type { AwsRun } from "../aws/session.ts";
import type { RoutingData } from "../data/routing/load-routing.ts";
import type { Connector } from "../network/connector.ts";
import type { DsRecord } from "../protocols/dnssec/index.ts";
import type { Resolver } from "../protocols/resolver.ts";

/**
 * A collector looks and has no opinion. It streams, reads every page, and never throws for the outside world's
 * faults: it yields an item in status "error". Wrong input of the user's (a plan that is no plan) is an InputError and ends the run. A new folder beside this file with a default export of this shape is found by path.
 */
export interface Collector {
	/** Folder name. */
	id: string;
	/** The type of target that it works on. */
	target: TargetType;
	/** Evidence kinds that it may yield, listings apart. */
	produces: readonly string[];
	/** Those of them that speak of an account as a whole, whatever the Region: IAM, Route 53, CloudFront, the organization. */
	global?: readonly string[];
	/** AWS actions that it calls, `service:Action`; they make up the scanner's least-privilege policy. */
	iamActions: readonly string[];
	/** For --dry-run: what it would contact for this target, in words such as "udp 192.0.2.53:53 (DNS for example.org)". */
	touches(target: Target, context: TouchContext): string[];
	/** Yields items whose source.target is the target's id, and one listing item per kind it was to look for. */
	collect(target: Target, context: CollectContext): AsyncIterable<Evidence>;
	/** Targets that its evidence opens (MX addresses of a domain). */
	discover?(target: Target, items: readonly Evidence[]): Target[];
}

export interface TouchContext {
	config: Config;
}

export interface CollectContext {
	config: Config;
	/** For file targets (plan, records, content): the path to open. target.id is the path as the user wrote it, for display. */
	path: string;
	/** The declaration of a domain target. */
	domain(name: string): DomainConfig | undefined;
	resolver: Resolver;
	connector: Connector;
	/** The AWS accounts of this run. */
	aws?: AwsRun | undefined;
	/** Exports of what was sent, as the user named them and where they lie, with the key of --subject-key. */
	sends?: { files: { label: string; path: string }[]; subjectKey: Uint8Array | undefined } | undefined;
	/** The user's own table of routes, from --data. */
	routing?: RoutingData | undefined;
	/** Trust anchors of network.rootAnchors; without, the built-in ones apply. */
	dnssecAnchors?: readonly DsRecord[] | undefined;
	/** Roots of mark authorities, PEM (network.markAnchors); none is built in. */
	markAnchors?: readonly string[] | undefined;
	/** Hosts that links of the run's sample messages lead to, anybody's. */
	linkedHosts?: readonly string[] | undefined;
	/** The injected clock, UTC, RFC 3339. */
	now(): string;
	signal: AbortSignal;
	/** Runs work under the limit of one host or service: at most `perKey` at once for a key. */
	limit<T>(key: string, perKey: number, work: () => Promise<T>): Promise<T>;
	log: Log;
	/** False for a kind that no check of this run reads: questions for it alone need not be asked. Without, all kinds are wanted. */
	wants?(kind: string): boolean;
}

export interface Log {
	debug(message: string, fields?: Record<string, unknown>): void;
	info(message: string, fields?: Record<string, unknown>): void;
	warn(message: string, fields?: Record<string, unknown>): void;
}
