import type { Evidence } from "../../model/evidence.ts";
import { publicRootsAnd, type TrustRoots } from "../protocols/certificate/index.ts";
import type { DerivationView } from "./derivation.ts";

/** The anchors in force: this Node's public roots and those of network.caFile, which the evidence carries. */
export function trustRoots(view: DerivationView): { roots: TrustRoots; items: Evidence[] } {
	const items = view.items("config.trust_anchor").filter((item) => item.status === "ok");
	return { roots: publicRootsAnd(items.map((item) => Buffer.from((item.values as { der: string }).der, "base64"))), items };
}
