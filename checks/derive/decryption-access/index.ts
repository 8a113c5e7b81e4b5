import { valueAt } from "../../engine/paths.ts";
import { accessTo, accessUses, identityKinds } from "../access.ts";
import type { Derivation } from "../derivation.ts";
import { keyPolicies } from "../key-documents.ts";
import { textAt } from "../policy-documents.ts";
import { findPolicies } from "../resource-policies.ts";

const useKind = "derived.mail_key";

/** derived.decryption_access, one per key of an account that mail is, or may be, under: who may decrypt with it. */
const derivation: Derivation = {
	id: "decryption-access",
	target: "account",
	needs: [...identityKinds, useKind, ...[...keyPolicies.subjects, ...keyPolicies.attachments].map(({ kind }) => kind)],
	uses: accessUses,
	produces: ["derived.decryption_access"],
	derive: (view) =>
		findPolicies(view, keyPolicies).flatMap(({ item, documents, basis, error, hidden }) => {
			const kind = "derived.decryption_access";
			const use = view.item(useKind, item.id);
			const holdsMail = valueAt(use?.values, "holdsMail");
			if (holdsMail === false) return [];
			const resource = textAt(item, "arn") ?? item.id;
			if (error !== undefined) return [{ kind, id: resource, error, basis: [...basis] }];
			const open = use?.gaps?.holdsMail ?? (use?.error && { code: use.error.code, detail: use.error.detail });
			return [
				accessTo(view, {
					kind,
					id: resource,
					resource,
					asks: [{ action: "kms:Decrypt", resources: () => [resource] }],
					documents,
					hidden,
					basis: [...basis, ...(use === undefined ? [] : [use])],
					also: { values: holdsMail === true ? { holdsMail } : {}, gaps: open === undefined ? {} : { holdsMail: open } },
				}),
			];
		}),
};

export default derivation;
