import { type Evidence, listingId, type Target } from "../../../model/evidence.ts";
import { parseBimi } from "../../protocols/bimi/index.ts";
import { type FetchContext, fetchOverHttps, type HttpsFetch } from "../../protocols/https/index.ts";
import { txtStrings } from "../../protocols/resolver.ts";
import type { CollectContext, Collector } from "../collector.ts";
import { anchorItems, trustAnchors } from "../trust-anchors.ts";
import type { BimiFetch, ServedFile } from "./schema.ts";

const fetchKind = "https.bimi";
const anchorKind = "config.trust_anchor";
const markAnchorKind = "config.mark_anchor";
/** A logo has at most 32 KB; what is larger is seen to be larger. */
const maxLogoBytes = 64 * 1024;
/** A mark certificate holds its logo, and comes with its issuers. */
const maxMarkBytes = 256 * 1024;
const maxRedirects = 3;

/**
 * The logo and the mark certificate that a domain's BIMI record names, as they were served. Nothing is drawn and nothing is judged.
 * Every redirect is a new look-up and a new connection under the connector's rules, so none leads to an address that may not be contacted.
 */
const collector: Collector = {
	id: "bimi",
	target: "domain",
	produces: [fetchKind, anchorKind, markAnchorKind],
	iamActions: [],
	touches: (target, context) => [
		`DNS for default._bimi.${target.id}`,
		`tcp port ${context.config.network.ports.https} of the hosts that it names (HTTPS, BIMI logo and mark certificate)`,
	],
	async *collect(target, context) {
		const anchors = trustAnchors(target, context, collector.id);
		yield* anchors;
		yield listing(target, context, anchorKind, anchors.length, "network.caFile");
		const markAnchors = anchorItems(context.markAnchors ?? [], { kind: markAnchorKind, call: "network.markAnchors" }, target, context, collector.id);
		yield* markAnchors;
		yield listing(target, context, markAnchorKind, markAnchors.length, "network.markAnchors");
		const name = `default._bimi.${target.id}`;
		const answer = await context.resolver.resolve(name, "TXT", context.signal);
		if (answer.status === "error") {
			const error = { code: answer.code ?? ("servfail" as const), detail: `TXT ${name}`, message: "the record could not be looked up" };
			yield { ...listing(target, context, fetchKind, 0, `TXT ${name}`), status: "error", values: undefined, error };
			return;
		}
		const record = answer.cnameLoop === true ? undefined : parseBimi(txtStrings(answer));
		if (record?.logo !== undefined) {
			const logo = await fetchFile(record.logo, "image/svg+xml", maxLogoBytes, context);
			const mark = record.evidence === undefined ? null : await fetchFile(record.evidence, "application/pem-certificate-chain, */*", maxMarkBytes, context);
			const values: BimiFetch = { logo, mark };
			const base = { kind: fetchKind, id: target.id, values, source: sourceOf(target, `GET ${record.logo}`), collectedAt: context.now() };
			yield logo.error === null ? { ...base, status: "ok" } : { ...base, status: "error", error: logo.error };
		}
		yield listing(target, context, fetchKind, record?.logo === undefined ? 0 : 1, `TXT ${name}`);
	},
};

export default collector;

async function fetchFile(uri: string, accept: string, maxBytes: number, context: FetchContext): Promise<ServedFile> {
	const redirects: string[] = [];
	for (let next = uri; ; ) {
		const url = URL.parse(next);
		if (url === null || url.protocol !== "https:") return { ...served(uri, redirects, url?.hostname ?? "", undefined), outcome: "refused_redirect" };
		const host = url.hostname.replace(/^\[|\]$/g, "");
		const port = url.port === "" ? undefined : Number(url.port);
		const fetch = await fetchOverHttps({ host, port, path: `${url.pathname}${url.search}`, accept, maxBytes }, context);
		const isRedirect = fetch.outcome === "answered" && fetch.location !== null && redirectStatuses.has(fetch.httpStatus ?? 0);
		if (!isRedirect || fetch.location === null) return served(uri, redirects, host, fetch);
		const target = URL.parse(fetch.location, url)?.href.slice(0, 2048) ?? fetch.location;
		if (redirects.push(target) > maxRedirects) return { ...served(uri, redirects, host, fetch), outcome: "refused_redirect" };
		next = target;
	}
}

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function served(uri: string, redirects: string[], host: string, fetch: HttpsFetch | undefined): ServedFile {
	return {
		uri,
		redirects,
		host,
		outcome: fetch?.outcome ?? "failed",
		httpStatus: fetch?.httpStatus ?? null,
		contentType: fetch?.contentType ?? null,
		bytes: fetch?.bytes ?? 0,
		body: fetch?.body ?? null,
		truncated: fetch?.truncated ?? false,
		chain: fetch?.chain ?? [],
		error: fetch?.error ?? null,
	};
}

function listing(target: Target, context: CollectContext, kind: string, count: number, call: string): Evidence {
	return {
		kind: "listing",
		id: listingId(kind, target.id),
		status: "ok",
		values: { kind, target: target.id, count, complete: true },
		source: sourceOf(target, call),
		collectedAt: context.now(),
	};
}

function sourceOf(target: Target, call: string): Evidence["source"] {
	return { collector: "bimi", version: "1", call, target: target.id };
}
