import { writeFile } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";
import { canonicalAddress, endpoint, parseEndpoint } from "./address.ts";
import { type Authority, createAuthority, type ServedCertificate } from "./certificates/authority.ts";
import { canonicalName } from "./dns/records.ts";
import { type DnsServer, startDnsServer } from "./dns/server.ts";
import { type NameRecords, valuesOf } from "./dns/zone.ts";
import { createSigner, type Signer } from "./dnssec/signer.ts";
import { type HttpResponse, type HttpsHost, startHttpsServer } from "./https/server.ts";
import type { SmtpPersonality } from "./smtp/personality.ts";
import { closeAll, count, emptySmtpStats, type LabServer, listen, type SmtpStats, startSmtpServer } from "./smtp/server.ts";
import { isAssociation, resolveAssociation } from "./tls/association.ts";
import { tlsContexts } from "./tls/context.ts";
import { checkWorld } from "./world/load.ts";
import type { LabWorld, NameServerWorld } from "./world/schema.ts";

export interface LabOptions {
	/** Shared between labs, so that one CA file serves them all. Default: one of its own, from `now` and `seed`. */
	certificates?: Authority;
	/** The clock that certificates and DNSSEC signatures are dated by. Default: the real one, read once. */
	now?: Date;
	/** With a seed, certificates, DNSSEC keys and signatures are the same bytes in every run with the same clock. */
	seed?: string;
	/** Where the lab writes its root certificate as PEM; network.caFile then names it. */
	caFile?: string;
	/** Where the lab writes the DS records of its root zone; network.rootAnchors then names it. */
	rootAnchorsFile?: string;
	/** Replace those in `network`. */
	timeoutMs?: { dns?: number; smtp?: number; https?: number };
	retryWaitMs?: number;
}

/** The `network:` section of mailward.yaml that leads a scanner into the lab, and nowhere else. */
export interface LabNetwork {
	resolvers: string[];
	connect: Record<string, string>;
	connectOnly: true;
	timeoutMs: { dns: number; smtp: number; https: number };
	retryWaitMs: number;
	ehloName?: string;
	egressProbes?: string[];
	caFile?: string;
	rootAnchors?: string;
}

export interface LabStats {
	/** Questions by "name/TYPE", UDP and TCP together. */
	dns: Record<string, number>;
	/** Questions that came over TCP, by "name/TYPE". */
	dnsOverTcp: Record<string, number>;
	/** By endpoint, such as "192.0.2.10:25". */
	smtp: Record<string, SmtpStats>;
	/** By "host path". */
	https: Record<string, number>;
	/** Connections by endpoint, such as "192.0.2.80:443". */
	httpsConnections: Record<string, number>;
	httpsErrors: string[];
}

export interface Lab {
	network: LabNetwork;
	/** The root to trust, PEM. */
	caPem: string;
	/** DS records of the root zone to trust, in master file form, whether the world signs its root or not. */
	rootAnchors: string;
	certificates: Authority;
	stats: LabStats;
	/** What an SMTP server ("192.0.2.10:25") or HTTPS host ("mta-sts.example.org") shows for a server name. */
	certificateOf(server: string, servername?: string): ServedCertificate;
	close(): Promise<void>;
}

/** Starts every server of a world on 127.0.0.1, at ports that the system gives. Throws a WorldError when the world is not valid. */
export async function startLab(given: LabWorld, options: LabOptions = {}): Promise<Lab> {
	const world = checkWorld(given);
	const authority = options.certificates ?? createAuthority({ now: options.now, seed: options.seed });
	const named = world.certificates ?? {};
	const signer = createSigner({ zones: world.dns.signed ?? {}, now: options.now ?? authority.now, seed: options.seed });
	const stats: LabStats = { dns: {}, dnsOverTcp: {}, smtp: {}, https: {}, httpsConnections: {}, httpsErrors: [] };
	const closers: (() => Promise<void>)[] = [];
	const connect: Record<string, string> = {};
	const certificateSources = new Map<string, (servername: string | undefined) => ServedCertificate>();
	const refusing = refusedPort();
	const keep = <Server extends { close(): Promise<void> }>(server: Server): Server => {
		closers.push(() => server.close());
		return server;
	};
	const certificateOf = (server: string, servername?: string): ServedCertificate => {
		const at = parseEndpoint(server, 25);
		const source = certificateSources.get(at ? endpoint(at.address, at.port) : canonicalName(server));
		if (!source) throw new RangeError(`The lab has no server "${server}"; it has ${[...certificateSources.keys()].join(", ")}.`);
		return source(servername);
	};
	const close = async (): Promise<void> => {
		await Promise.all([...closers.map((closer) => closer()), refusing.close()]);
	};

	try {
		await Promise.all(
			Object.entries(world.smtp ?? {}).map(async ([key, personality]) => {
				const at = parseEndpoint(key, 25);
				if (!at) return;
				const name = endpoint(at.address, at.port);
				const contexts = tlsContexts(personality.tls ?? {}, canonicalName(personality.host), authority, named);
				certificateSources.set(name, contexts.certificateFor);
				const smtpStats = emptySmtpStats();
				stats.smtp[name] = smtpStats;
				const port = personality.refuse ? await refusing.port() : keep(await startSmtpServer(personality satisfies SmtpPersonality, contexts, smtpStats)).port;
				connect[name] = `127.0.0.1:${port}`;
			}),
		);
		for (const [name, group] of httpsEndpoints(world)) {
			const hosts = group.map(({ host, settings }): HttpsHost => {
				const contexts = tlsContexts(settings.tls ?? {}, host, authority, named);
				certificateSources.set(host, contexts.certificateFor);
				const paths = new Map<string, HttpResponse>(Object.entries(settings.paths ?? {}));
				if (settings.policy !== undefined)
					paths.set("/.well-known/mta-sts.txt", typeof settings.policy === "string" ? { body: settings.policy } : settings.policy);
				return { name: host, paths: Object.fromEntries(paths), contexts, fail: settings.tls?.fail, silent: settings.silent === true };
			});
			if (group.some(({ settings }) => settings.refuse)) {
				connect[name] = `127.0.0.1:${await refusing.port()}`;
				continue;
			}
			const server: LabServer = keep(
				await startHttpsServer(hosts, {
					onConnection: () => count(stats.httpsConnections, name),
					onRequest: (host, path) => count(stats.https, `${host} ${path}`),
					onTlsError: (message) => stats.httpsErrors.push(message),
				}),
			);
			connect[name] = `127.0.0.1:${server.port}`;
		}
		const names = withAssociations(world.dns.names, (server) => (isDown(world, server, stats) ? undefined : certificateOf(server).chain));
		const resolvers: string[] = [];
		for (const own of world.dns.resolvers ?? [{}]) resolvers.push(`127.0.0.1:${keep(await startNameServer(names, own, world, signer, stats)).port}`);
		let shared: DnsServer | undefined;
		for (const [address, own] of nameServers(world)) {
			const plain = Object.keys(own).length === 0;
			const server: DnsServer = plain && shared ? shared : keep(await startNameServer(names, own, world, signer, stats));
			if (plain) shared = server;
			connect[endpoint(address, 53)] = `127.0.0.1:${server.port}`;
		}

		if (options.caFile !== undefined) await writeFile(options.caFile, authority.caPem);
		if (options.rootAnchorsFile !== undefined) await writeFile(options.rootAnchorsFile, signer.rootAnchors);

		const network: LabNetwork = {
			resolvers,
			connect: Object.fromEntries(Object.entries(connect).toSorted(([left], [right]) => (left < right ? -1 : 1))),
			connectOnly: true,
			timeoutMs: { dns: 1000, smtp: 5000, https: 5000, ...options.timeoutMs },
			retryWaitMs: options.retryWaitMs ?? 100,
			...(world.ehloName === undefined ? {} : { ehloName: world.ehloName }),
			...(world.egressProbes === undefined ? {} : { egressProbes: [...world.egressProbes] }),
			...(options.caFile === undefined ? {} : { caFile: options.caFile }),
			...(options.rootAnchorsFile === undefined ? {} : { rootAnchors: options.rootAnchorsFile }),
		};
		return {
			network,
			get caPem() {
				return authority.caPem;
			},
			get rootAnchors() {
				return signer.rootAnchors;
			},
			certificates: authority,
			stats,
			certificateOf,
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}

type Names = Readonly<Record<string, NameRecords>>;

/** The zone data with TLSA records of the form "3 1 1 of <server>" filled in. */
function withAssociations(names: Names, chainOf: (server: string) => readonly Buffer[] | undefined): Names {
	const filled = Object.entries(names).map(([name, records]): [string, NameRecords] => {
		if (records.TLSA === undefined) return [name, records];
		const values = valuesOf(records.TLSA).map((value) => (isAssociation(value) ? resolveAssociation(value, chainOf) : value));
		return [name, { ...records, TLSA: values }];
	});
	return Object.fromEntries(filled);
}

/** An address that the zone data knows and where the world has no SMTP server: a patch took it out. Any other is a slip of the pen. */
function isDown(world: LabWorld, server: string, stats: LabStats): boolean {
	const at = parseEndpoint(server, 25);
	if (!at || stats.smtp[endpoint(at.address, at.port)] !== undefined) return false;
	return Object.values(world.dns.names).some(({ A = [], AAAA = [] }) =>
		[...valuesOf(A), ...valuesOf(AAAA)].some((value) => typeof value === "string" && canonicalAddress(value) === at.address),
	);
}

function startNameServer(common: Names, own: NameServerWorld, world: LabWorld, signer: Signer, stats: LabStats): Promise<DnsServer> {
	const names = new Map<string, NameRecords>(Object.entries(common));
	for (const [name, records] of Object.entries(own.names ?? {})) {
		if (Object.keys(records).length === 0) names.delete(name);
		else names.set(name, records);
	}
	return startDnsServer({
		names: Object.fromEntries(names),
		faults: { ...world.dns.faults, ...own.faults },
		ttlSeconds: world.dns.ttlSeconds ?? 300,
		delayMs: own.delayMs ?? world.dns.delayMs ?? 0,
		tcp: own.tcp ?? true,
		signer,
		onQuestion: (name, type, transport) => {
			count(stats.dns, `${name}/${type}`);
			if (transport === "tcp") count(stats.dnsOverTcp, `${name}/${type}`);
		},
	});
}

/** Declared name servers, and every address that an NS record of the zone data leads to. */
function nameServers(world: LabWorld): Map<string, NameServerWorld> {
	const servers = new Map<string, NameServerWorld>();
	for (const records of Object.values(world.dns.names)) {
		for (const target of valuesOf(records.NS ?? [])) {
			if (typeof target !== "string") continue;
			for (const address of addressesOf(world, target)) servers.set(address, {});
		}
	}
	for (const [address, own] of Object.entries(world.dns.servers ?? {})) servers.set(canonicalAddress(address), own);
	return servers;
}

type HttpsWorld = NonNullable<LabWorld["https"]>[string];

function httpsEndpoints(world: LabWorld): Map<string, { host: string; settings: HttpsWorld }[]> {
	const endpoints = new Map<string, { host: string; settings: HttpsWorld }[]>();
	for (const [given, settings] of Object.entries(world.https ?? {})) {
		const host = canonicalName(given);
		for (const address of settings.addresses ?? addressesOf(world, host)) {
			const name = endpoint(address, settings.port ?? 443);
			endpoints.set(name, [...(endpoints.get(name) ?? []), { host, settings }]);
		}
	}
	return endpoints;
}

function addressesOf(world: LabWorld, name: string): string[] {
	const wanted = canonicalName(name);
	const records = Object.entries(world.dns.names).find(([key]) => canonicalName(key) === wanted)?.[1] ?? {};
	const alias = valuesOf(records.CNAME ?? [])[0];
	if (typeof alias === "string" && canonicalName(alias) !== wanted) {
		const target = Object.entries(world.dns.names).find(([key]) => canonicalName(key) === canonicalName(alias))?.[1] ?? {};
		return [...valuesOf(target.A ?? []), ...valuesOf(target.AAAA ?? [])].filter((value) => typeof value === "string").map(canonicalAddress);
	}
	return [...valuesOf(records.A ?? []), ...valuesOf(records.AAAA ?? [])].filter((value) => typeof value === "string").map(canonicalAddress);
}

/**
 * A port of 127.0.0.1 where nothing listens and nothing will: the local end of a connection that the lab keeps open.
 * A port that was merely closed could be given to somebody else.
 */
function refusedPort(): { port(): Promise<number>; close(): Promise<void> } {
	const open = new Set<Socket>();
	const server = createServer((socket) => {
		open.add(socket);
		socket.on("error", () => socket.destroy());
	});
	let held: Promise<number> | undefined;
	const hold = async (): Promise<number> => {
		const listening = await listen(server);
		const client = createConnection({ host: "127.0.0.1", port: listening });
		open.add(client);
		client.unref();
		await new Promise<void>((resolve, reject) => {
			client.once("error", reject);
			client.once("connect", resolve);
		});
		client.on("error", () => client.destroy());
		return client.localPort ?? 0;
	};
	return {
		port() {
			held ??= hold();
			return held;
		},
		async close() {
			if (held) await closeAll(server, open);
		},
	};
}
