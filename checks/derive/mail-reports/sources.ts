import type { Gap } from "../../../model/evidence.ts";
import type { DmarcReportValues } from "../../collectors/mail-reports/schema.ts";
import { loadVendors } from "../../data/vendors/load-vendors.ts";
import { parseIp } from "../../protocols/spf/address.ts";
import { analyzeSpf } from "../../protocols/spf/index.ts";
import { type IpRange, union } from "../../protocols/spf/ranges.ts";
import { crossRegister, matchVendors } from "../../protocols/vendors/index.ts";
import { type Register, rowsForHost } from "../register.ts";
import type { ReplayResolver } from "../replay-resolver.ts";
import { rangesOf } from "../spf-senders/coverage.ts";

type Row = DmarcReportValues["rows"][number];

export interface Source {
	name: string;
	addresses: number;
	messages: number;
	aligned: number;
	/** Aligned of messages, rounded down to hundredths. */
	percent: number;
	/** Domains that the source passed SPF or DKIM for; at most 10. */
	domains: string[];
}

export interface Sources {
	/** Addresses that the domain's SPF record authorizes, by the term that does, and vendors of the register. */
	own: Source[];
	/** All others, by vendor where one is known, else by address; most messages first. */
	others: Source[];
	/** Vendors that are known, not in the register, and sent aligned mail. */
	unregistered: string[];
	/** Why it cannot be told of every source whether it is the client's own. */
	unknown: Gap | undefined;
}

interface Group {
	own: boolean;
	registered: boolean;
	vendor: string | null;
	ips: Set<string>;
	domains: Set<string>;
	messages: number;
	aligned: number;
}

const maxDomains = 10;

/** Divides the messages of reports among the sources, and tells the client's own ones from others. */
export async function sourcesOf(rows: readonly Row[], domain: string, resolver: ReplayResolver, register: Register, today: string): Promise<Sources> {
	// Without a message there is nobody to tell apart.
	if (rows.length === 0) return { own: [], others: [], unregistered: [], unknown: undefined };
	const spf = await authorizedBy(domain, resolver);
	const vendorOf = vendorLookup(register, today);
	// An include lets in only what the record as a whole does: a term before it may say otherwise.
	const termOf = memo((ip: string) =>
		contains(spf.all, ip) ? (spf.includes.find(({ ranges }) => contains(ranges, ip))?.name ?? `SPF record of ${domain}`) : undefined,
	);
	const groups = new Map<string, Group>();
	for (const row of rows) {
		const identities = [...new Set([...row.dkimDomains, ...row.spfDomains])].filter((name) => name !== domain && !name.endsWith(`.${domain}`));
		const vendor = identities.map(vendorOf).find((one) => one !== undefined);
		const term = termOf(row.sourceIp);
		const own = term !== undefined || vendor?.registered === true;
		const name = vendor?.name ?? term ?? row.sourceIp;
		const key = `${own} ${name}`;
		let group = groups.get(key);
		if (group === undefined) {
			group = { own, registered: vendor?.registered === true, vendor: vendor?.name ?? null, ips: new Set(), domains: new Set(), messages: 0, aligned: 0 };
			groups.set(key, group);
		}
		group.ips.add(row.sourceIp);
		for (const identity of [...row.dkimDomains, ...row.spfDomains]) if (group.domains.size < maxDomains) group.domains.add(identity);
		group.messages += row.count;
		if (row.dkim === "pass" || row.spf === "pass") group.aligned += row.count;
	}
	const all = [...groups].map(([key, group]) => ({ group, source: sourceFrom(key.slice(key.indexOf(" ") + 1), group) }));
	const largest = (own: boolean): Source[] =>
		all
			.filter((one) => one.group.own === own && one.source.messages > 0)
			.map((one) => one.source)
			.sort((a, b) => b.messages - a.messages || (a.name < b.name ? -1 : 1));
	const others = largest(false);
	const unaligned = others.find((source) => source.aligned < source.messages);
	// Where some addresses of the record depend on the message, a source that fails may be one of them.
	const open = spf.depends !== undefined && unaligned !== undefined ? spf.depends : undefined;
	return {
		own: largest(true),
		others,
		unregistered: [...new Set(all.flatMap(({ group }) => (group.vendor !== null && !group.registered && group.aligned > 0 ? [group.vendor] : [])))].sort(),
		unknown: spf.unknown ?? open,
	};
}

function sourceFrom(name: string, { ips, domains, messages, aligned }: Group): Source {
	return {
		name,
		addresses: ips.size,
		messages,
		aligned,
		percent: messages === 0 ? 100 : Math.floor((aligned / messages) * 10_000) / 100,
		domains: [...domains].sort(),
	};
}

interface Authorized {
	all: Record<4 | 6, IpRange[]>;
	includes: { name: string; ranges: Record<4 | 6, IpRange[]> }[];
	unknown: Gap | undefined;
	depends: Gap | undefined;
}

/** Addresses that get pass from the SPF record (RFC 7208), by the include that lets them in, else by the record itself. */
async function authorizedBy(domain: string, resolver: ReplayResolver): Promise<Authorized> {
	const spf = await analyzeSpf({ domain, resolver });
	const { addresses } = spf;
	const first = spf.published.unknown[0] ?? addresses.unknown[0];
	const unknown: Gap | undefined = first === undefined ? undefined : { code: first.code, detail: `${first.type} ${first.name}` };
	const isCut = addresses.ipv4.ranges.length >= 1000 || addresses.ipv6.ranges.length >= 1000;
	const depends: Gap | undefined =
		addresses.notCounted.length > 0
			? { code: "depends_on_message", detail: "addresses that the SPF record authorizes" }
			: isCut
				? { code: "too_large", detail: "addresses that the SPF record authorizes" }
				: undefined;
	const all = sorted([...addresses.ipv4.ranges, ...addresses.ipv6.ranges]);
	const includes: Authorized["includes"] = [];
	for (const include of spf.includes) {
		if (include.depth !== 1 || !include.followed) continue;
		const theirs = await analyzeSpf({ domain: include.name, resolver });
		includes.push({ name: `${include.kind}:${include.name}`, ranges: sorted([...theirs.addresses.ipv4.ranges, ...theirs.addresses.ipv6.ranges]) });
	}
	return { all, includes, unknown, depends };
}

function sorted(cidrs: readonly string[]): Record<4 | 6, IpRange[]> {
	const ranges = rangesOf(cidrs);
	return { 4: union(ranges[4]), 6: union(ranges[6]) };
}

function contains(ranges: Readonly<Record<4 | 6, readonly IpRange[]>>, ip: string): boolean {
	const address = parseIp(ip);
	if (address === undefined) return false;
	const list = ranges[address.family];
	let low = 0;
	let high = list.length - 1;
	while (low <= high) {
		const middle = (low + high) >> 1;
		const range = list[middle] as IpRange;
		if (address.bits < range.first) high = middle - 1;
		else if (address.bits > range.last) low = middle + 1;
		else return true;
	}
	return false;
}

/** The vendor behind a domain that a source passed SPF or DKIM for; registered by a row that has not ended. */
function vendorLookup(register: Register, today: string): (name: string) => { name: string; registered: boolean } | undefined {
	const table = loadVendors();
	const rows = register.rows.map(({ row }) => row);
	return memo((name: string) => {
		const facts = { mx: [], spfIncludes: [{ name, depth: 1, direct: true }], dkimCnames: [], txt: [], mtaStsMx: [], reportHosts: [] };
		const matches = matchVendors(facts, table);
		const crossed = crossRegister(matches, rows, table, today).vendors[0];
		const answering = [...rowsForHost(register, name), ...(crossed?.rows ?? [])].filter((row) => row.standing !== "ended");
		const row = register.rows.find((one) => one.row.id === answering[0]?.id)?.row;
		const vendor = crossed?.vendor ?? row?.party.legalName;
		return vendor === undefined ? undefined : { name: vendor, registered: answering.length > 0 };
	});
}

function memo<Value>(work: (key: string) => Value): (key: string) => Value {
	const known = new Map<string, Value>();
	return (key) => {
		const found = known.get(key);
		if (found !== undefined || known.has(key)) return found as Value;
		const value = work(key);
		known.set(key, value);
		return value;
	};
}
