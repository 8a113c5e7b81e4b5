import type { Evidence, Gap } from "../../model/evidence.ts";
import { loadVendors } from "../data/vendors/load-vendors.ts";
import { type Standing, vendorOfHost } from "../protocols/vendors/index.ts";
import { asName, foldName, suffixLabels } from "../protocols/vendors/names.ts";
import type { DerivationView } from "./derivation.ts";
import { type Register, registerOf, rowsForHost } from "./register.ts";

/** Who stands behind a host, and whether an agreement in force or a declaration answers for it. */
export interface HostCover {
	vendor: string | null;
	rows: { id: string; standing: Standing }[];
	/** Declarations that no PHI reaches it. */
	noPhi: string[];
	covered: boolean;
}

/** Looks hosts up in the agreements and declarations of the records. */
export class HostCovers {
	readonly items: Evidence[];
	readonly #register: Register;
	readonly #declared: { id: string; hosts: string[] }[];
	readonly #fault: Gap | undefined;

	constructor(view: DerivationView) {
		this.#register = registerOf(view);
		const declarations = view.items("record.no-phi");
		this.items = [...this.#register.items, ...declarations];
		this.#declared = declarations.flatMap((item) => (item.status === "ok" ? [declarationOf(item, view.today)] : [])).filter((one) => one !== undefined);
		const unread = view.supplied("record.no-phi")
			? (view.listingError("record.no-phi") ?? declarations.find((item) => item.status === "error")?.error)
			: undefined;
		this.#fault = this.#register.fault ?? (unread === undefined ? undefined : { code: unread.code, detail: unread.detail });
	}

	of(host: string): { cover: HostCover; gap: Gap | undefined } {
		const vendor = vendorOfHost(host, loadVendors());
		const byHost = rowsForHost(this.#register, host);
		const byName =
			vendor === undefined
				? []
				: this.#register.rows.filter(({ row }) => foldName(row.party.legalName) === foldName(vendor)).map(({ row, standing }) => ({ id: row.id, standing }));
		const rows = [...new Map([...byHost, ...byName].map((row) => [row.id, row])).values()];
		const noPhi = this.#declared.filter(({ hosts }) => hosts.some((suffix) => covers(host, suffix))).map(({ id }) => id);
		// Of a register that was not read whole nothing is concluded.
		const covered = this.#fault === undefined && (noPhi.length > 0 || rows.some(({ standing }) => standing === "in_force"));
		let gap = this.#fault;
		// Nobody known: whether the host handles anything for the entity cannot be told.
		if (gap === undefined && vendor === undefined && rows.length === 0) gap = { code: "vendor_unknown", detail: host };
		return { cover: { vendor: vendor ?? null, rows, noPhi, covered }, gap: covered ? undefined : gap };
	}
}

function declarationOf(item: Evidence, today: string): { id: string; hosts: string[] } | undefined {
	const { hosts, lastInEffectOn } = item.values as { hosts?: string[]; lastInEffectOn?: string | null };
	return typeof lastInEffectOn === "string" && lastInEffectOn < today ? undefined : { id: item.id, hosts: hosts ?? [] };
}

function covers(host: string, fingerprint: string): boolean {
	const [name, suffix] = [asName(host), asName(fingerprint)];
	return name !== undefined && suffix !== undefined && suffixLabels(name, suffix) > 0;
}
