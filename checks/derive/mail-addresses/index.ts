import { isIPv4 } from "node:net";
import type { Gap } from "../../../model/evidence.ts";
import { dedicatedSenders, exchangesOf } from "../../collectors/dns/mail-names.ts";
import { arpaName, blocklistName } from "../../collectors/dns/reverse-name.ts";
import { normalizeName, type Resolver, recordsOf } from "../../protocols/resolver.ts";
import { type Derivation, type DerivationView, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { spfOf } from "../looks.ts";
import { replayResolver } from "../replay-resolver.ts";

/** Names of one address that are followed back (RFC 8601 3 leaves the number open; ten stop a zone that lists thousands). */
const maxPointers = 10;

/**
 * derived.mail_address, one per address of an MX host and per single address that the domain's own SPF record names, id
 * <domain>/<address>: its reverse names, whether one leads back (RFC 8601 3), and the block lists it stands on (RFC 5782 2.1).
 */
const derivation: Derivation = {
	id: "mail-addresses",
	target: "domain",
	needs: ["config.domain", "dns.mx", "dns.a", "dns.aaaa", "dns.ptr", "dns.txt"],
	produces: ["derived.mail_address"],
	async derive(view): Promise<DerivedItem[]> {
		const { item: declaration } = domainDeclaration(view);
		const lists = (declaration?.values as { blocklists?: string[] } | undefined)?.blocklists ?? [];
		const shared = replayResolver(view);
		const roles = new Map<string, string[]>();
		const add = (address: string, role: string): void => {
			roles.set(address, [...(roles.get(address) ?? []), role]);
		};
		const faults = await addMxAddresses(view, shared, add);
		const spf = await spfOf(view, shared);
		for (const { code, name, type } of spf.published.unknown.slice(0, 1)) faults.push({ name: "spf", gap: { code, detail: `${type} ${name}` } });
		for (const address of dedicatedSenders(spf)) add(address, "sender");
		const base = [...(declaration === undefined ? [] : [declaration]), ...shared.used];
		const items: DerivedItem[] = faults.map(({ name, gap }) => ({
			kind: "derived.mail_address",
			id: `${view.target}/${name}`,
			error: { code: gap.code, detail: gap.detail, message: `${gap.detail ?? name} could not be looked up` },
			basis: base,
		}));
		for (const [address, of] of [...roles].sort(([a], [b]) => (a < b ? -1 : 1))) {
			const resolver = replayResolver(view);
			const gaps: Record<string, Gap> = {};
			const reverse = await reverseOf(address, resolver, gaps);
			const listings = await listingsOf(address, lists, resolver, gaps);
			if (lists.length === 0) gaps.listings = { code: "input_not_supplied", detail: "network.blocklists" };
			items.push({
				kind: "derived.mail_address",
				id: `${view.target}/${address}`,
				values: { domain: view.target, address, roles: of, ...reverse, lists, listings, clear: listings.length === 0 && gaps.listings === undefined },
				gaps,
				basis: [...base, ...resolver.used],
			});
		}
		return items;
	},
};

export default derivation;

async function addMxAddresses(view: DerivationView, resolver: Resolver, add: (address: string, role: string) => void): Promise<{ name: string; gap: Gap }[]> {
	const mx = await resolver.resolve(view.target, "MX");
	if (mx.status === "error") return [{ name: "mx", gap: { code: mx.code ?? "malformed", detail: `MX ${view.target}` } }];
	const faults: { name: string; gap: Gap }[] = [];
	// RFC 5321 5.1: without any MX the domain is its own host.
	const implicit = recordsOf(mx, "MX").length === 0 && domainDeclaration(view).values.receives;
	const hosts = implicit ? [view.target] : exchangesOf(mx);
	for (const host of hosts) {
		for (const type of ["A", "AAAA"] as const) {
			const answer = await resolver.resolve(host, type);
			if (answer.status === "error") faults.push({ name: `${host} ${type}`, gap: { code: answer.code ?? "malformed", detail: `${type} ${host}` } });
			for (const record of recordsOf(answer, type)) add(String(record.data), host);
		}
	}
	return faults;
}

async function reverseOf(address: string, resolver: Resolver, gaps: Record<string, Gap>): Promise<{ pointers: string[]; confirmed: string[] }> {
	const name = arpaName(address);
	if (name === undefined) return { pointers: [], confirmed: [] };
	const answer = await resolver.resolve(name, "PTR");
	if (answer.status === "error") {
		gaps.pointers = { code: answer.code ?? "malformed", detail: `PTR ${name}` };
		gaps.confirmed = gaps.pointers;
	}
	const pointers = recordsOf(answer, "PTR")
		.slice(0, maxPointers)
		.map((record) => normalizeName(String(record.data)));
	const type = isIPv4(address) ? "A" : "AAAA";
	const confirmed: string[] = [];
	let open: Gap | undefined;
	for (const pointer of pointers) {
		const forward = await resolver.resolve(pointer, type);
		if (forward.status === "error") open ??= { code: forward.code ?? "malformed", detail: `${type} ${pointer}` };
		if (recordsOf(forward, type).some((record) => record.data === address)) confirmed.push(pointer);
	}
	if (confirmed.length === 0 && open !== undefined) gaps.confirmed = open;
	return { pointers, confirmed };
}

/**
 * RFC 5782 2.1: an answer in 127.0.0.0/8 is a listing. Of these 127.255.255.x says that the list refuses the question, and an
 * answer outside does not come from a list at all: both leave the matter open.
 */
async function listingsOf(
	address: string,
	lists: readonly string[],
	resolver: Resolver,
	gaps: Record<string, Gap>,
): Promise<{ list: string; codes: string[] }[]> {
	const found: { list: string; codes: string[] }[] = [];
	let open: Gap | undefined;
	for (const list of lists) {
		const name = blocklistName(address, list);
		if (name === undefined) continue;
		const answer = await resolver.resolve(name, "A");
		if (answer.status === "error") open ??= { code: answer.code ?? "malformed", detail: `A ${name}` };
		const codes = recordsOf(answer, "A").map((record) => String(record.data));
		const listed = codes.filter((code) => code.startsWith("127.") && !code.startsWith("127.255.255."));
		if (listed.length > 0) found.push({ list, codes: listed });
		else if (codes.length > 0)
			open ??= { code: codes.some((code) => code.startsWith("127.255.255.")) ? "rejected" : "tampered", detail: `${list}: ${codes[0]}` };
	}
	if (found.length === 0 && open !== undefined) gaps.listings = open;
	return found;
}
