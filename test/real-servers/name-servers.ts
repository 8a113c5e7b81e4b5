import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../support/free-port.ts";
import { output, type RunningServer, startServer } from "./programs.ts";

/** A zone that BIND signs and serves. */
export interface RealZone {
	/** Absolute, without the final dot; "" is the root. */
	name: string;
	/** Lines of a master file below SOA, NS and the address of the name server. */
	lines: readonly string[];
	/** As dnssec-keygen spells it; left out: not signed. */
	algorithm?: string;
	/** Hashed denial: iterations, and whether unsigned delegations are left out. */
	nsec3?: { iterations?: number; salt?: string; optOut?: boolean };
	/** Start and end of the signatures as dnssec-signzone takes them. */
	period?: readonly [string, string];
	/** DS at the parent: none, one of a key that the zone does not have, or one of an algorithm that nobody knows. */
	ds?: "none" | "wrong" | "unknown";
	/** Its key bears the REVOKE bit (RFC 5011 2.1), and signs as before; the parent names it, or as it was before. */
	revoked?: "named" | "unnamed";
	/** Named at the parent, served by nobody. */
	lame?: boolean;
	/** What happens to the master file after signing, one record a line. */
	damage?: (signed: string) => string;
}

export interface NameServers {
	/** address:port of the recursive server. */
	resolver: string;
	authorityPort: number;
	/** DS records of the root, master file form. */
	anchorsFile: string;
	anchors: string;
	close(): Promise<void>;
}

/** The signed or unsigned tree on BIND, and Unbound in front of it, which knows the root's key. Parents follow from the names. */
export async function startNameServers(folder: string, zones: readonly RealZone[]): Promise<NameServers> {
	const authorityPort = await freePort();
	const resolverPort = await freePort();
	await mkdir(join(folder, "keys"), { recursive: true });
	const delegations = new Map<string, string[]>();
	// Children first: their DS records stand in the parent that is signed after them.
	for (const zone of [...zones].sort((a, b) => depth(b.name) - depth(a.name))) {
		const lines = await writeZone(folder, zone, delegations.get(zone.name) ?? []);
		const parent = parentZone(zone.name, zones);
		if (parent !== undefined) delegations.set(parent, [...(delegations.get(parent) ?? []), ...lines]);
	}
	const anchors = await readFile(join(folder, "dsset-."), "utf8");
	const anchorsFile = join(folder, "root.ds");
	await writeFile(anchorsFile, anchors);
	await writeFile(join(folder, "named.conf"), namedConfig(folder, authorityPort, zones));
	await writeFile(join(folder, "unbound.conf"), unboundConfig(folder, resolverPort, authorityPort, anchorsFile, zones));
	const started: RunningServer[] = [];
	const close = async (): Promise<void> => {
		await Promise.all(started.map((server) => server.stop()));
	};
	try {
		started.push(await startServer("named", ["-f", "-c", join(folder, "named.conf")], { address: "127.0.0.1", port: authorityPort }));
		started.push(await startServer("unbound", ["-d", "-c", join(folder, "unbound.conf")], { address: "127.0.0.1", port: resolverPort }));
	} catch (error) {
		await close();
		throw error;
	}
	return { resolver: `127.0.0.1:${resolverPort}`, authorityPort, anchorsFile, anchors, close };
}

function depth(name: string): number {
	return name === "" ? 0 : name.split(".").length;
}

function parentZone(name: string, zones: readonly RealZone[]): string | undefined {
	const above = zones.filter((zone) => zone.name !== name && (zone.name === "" || name.endsWith(`.${zone.name}`)));
	return above.sort((a, b) => depth(b.name) - depth(a.name))[0]?.name;
}

function fileOf(name: string): string {
	return name === "" ? "root" : name;
}

/** Writes and signs one zone; returns what its parent says of it. */
async function writeZone(folder: string, zone: RealZone, delegations: readonly string[]): Promise<string[]> {
	const origin = `${zone.name}.`;
	const server = zone.name === "" ? "ns.root-servers.test." : `ns.${origin}`;
	const own = zone.name === "" ? [] : [`${server} A 127.0.0.1`];
	const delegation = [`${origin} NS ${server}`, `${server} A ${zone.lame === true ? "127.0.0.99" : "127.0.0.1"}`];
	if (zone.lame === true) return delegation;
	const text = [
		`$TTL 300`,
		`$ORIGIN ${origin}`,
		`@ SOA ${server} hostmaster.test. 1 3600 600 86400 300`,
		`@ NS ${server}`,
		...own,
		...zone.lines,
		...delegations,
		"",
	];
	const file = fileOf(zone.name);
	await writeFile(join(folder, file), text.join("\n"));
	if (zone.algorithm === undefined) return delegation;
	const size = zone.algorithm.startsWith("RSA") ? ["-b", "2048"] : [];
	const key = (await output("dnssec-keygen", ["-q", "-K", "keys", "-a", zone.algorithm, ...size, "-f", "KSK", origin], { cwd: folder })).trim();
	const before = zone.revoked === undefined ? "" : await output("dnssec-dsfromkey", ["-2", join("keys", key)], { cwd: folder });
	// Writes the revoked key beside, and removes the one it was.
	if (zone.revoked !== undefined) await output("dnssec-revoke", ["-r", "-K", "keys", key], { cwd: folder });
	const { iterations = 0, salt = "-", optOut = false } = zone.nsec3 ?? {};
	const hashed = zone.nsec3 === undefined ? [] : ["-3", salt, "-H", String(iterations), ...(optOut ? ["-A"] : [])];
	const period = zone.period === undefined ? [] : ["-s", zone.period[0], "-e", zone.period[1]];
	await output("dnssec-signzone", ["-S", "-z", "-P", "-O", "full", "-K", "keys", ...hashed, ...period, "-o", origin, "-f", `${file}.signed`, file], {
		cwd: folder,
	});
	if (zone.damage !== undefined) {
		const path = join(folder, `${file}.signed`);
		await writeFile(path, zone.damage(await readFile(path, "utf8")));
	}
	if (zone.ds === "none") return delegation;
	if (zone.revoked !== undefined)
		return [...delegation, zone.revoked === "unnamed" ? before.trim() : dsOf(origin, await readFile(join(folder, `${file}.signed`), "utf8"))];
	const ds = await readFile(join(folder, `dsset-${origin}`), "utf8");
	return [...delegation, zone.ds === "wrong" ? withOtherDigest(ds) : zone.ds === "unknown" ? ds.replace(/(DS\s+\d+\s+)\d+/, "$1200") : ds];
}

/** A DS record of the zone's key as it stands in the signed zone: BIND's tools make none of a revoked key. RFC 4034 5.1.4 and appendix B. */
function dsOf(origin: string, signed: string): string {
	const [, flags = "", algorithm = "", text = ""] = /\sDNSKEY\s+(\d+) 3 (\d+) (.*)$/m.exec(signed) ?? [];
	const data = Buffer.concat([Buffer.from([Number(flags) >> 8, Number(flags) & 0xff, 3, Number(algorithm)]), Buffer.from(text, "base64")]);
	const owner = Buffer.concat([...origin.split(".").map((label) => Buffer.from(String.fromCharCode(label.length) + label))]);
	let sum = 0;
	for (const [index, octet] of data.entries()) sum += index % 2 === 0 ? octet << 8 : octet;
	const tag = (sum + (sum >> 16)) & 0xffff;
	return `${origin} DS ${tag} ${algorithm} 2 ${createHash("sha256").update(owner).update(data).digest("hex")}`;
}

function withOtherDigest(ds: string): string {
	return ds.replace(/([0-9A-F])\s*$/, (_, digit: string) => (digit === "0" ? "1" : "0"));
}

function namedConfig(folder: string, port: number, zones: readonly RealZone[]): string {
	const served = zones.filter((zone) => zone.lame !== true);
	const blocks = served.map(({ name, algorithm }) => {
		const file = algorithm === undefined ? fileOf(name) : `${fileOf(name)}.signed`;
		return `zone "${name}." { type primary; file "${file}"; check-names ignore; };`;
	});
	return `options {
	directory "${folder}"; pid-file "${folder}/named.pid"; session-keyfile "${folder}/session.key"; lock-file none;
	listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
	recursion no; dnssec-validation no; minimal-responses no; notify no; check-integrity no;
};
controls { };
logging { channel quiet { file "${folder}/named.log"; severity notice; }; category default { quiet; }; };
${blocks.join("\n")}
`;
}

function unboundConfig(folder: string, port: number, authorityPort: number, anchors: string, zones: readonly RealZone[]): string {
	// Every zone that is served is a stub: a delegation names no port, and the authority does not stand on 53.
	const stubs = zones
		.filter((zone) => zone.lame !== true)
		.map(({ name }) => `stub-zone:\n\tname: "${name}."\n\tstub-addr: 127.0.0.1@${authorityPort}\n\tstub-prime: no`);
	const open = ["test.", "127.in-addr.arpa."].map((zone) => `\tlocal-zone: "${zone}" nodefault`).join("\n");
	return `server:
	interface: 127.0.0.1
	port: ${port}
	do-daemonize: no
	username: ""
	chroot: ""
	directory: "${folder}"
	pidfile: ""
	use-syslog: no
	logfile: "${folder}/unbound.log"
	module-config: "validator iterator"
	val-nsec3-keysize-iterations: "1024 100 2048 100 4096 100"
	trust-anchor-file: "${anchors}"
	do-not-query-localhost: no
	do-ip6: no
	num-threads: 1
${open}
remote-control:
	control-enable: no
${stubs.join("\n")}
`;
}
