import type { Evidence, EvidenceError } from "../../../model/evidence.ts";
import { servicePrincipals } from "../../protocols/iam/index.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { keyPolicies, policiesOfKeys } from "../key-documents.ts";
import { namesOf, unseen } from "../policy-documents.ts";
import { decided, type Facts, merged, serviceName, unknownPrincipals } from "../policy-facts.ts";
import type { FoundPolicies } from "../resource-policies.ts";

/** Resources that mail or its events pass through, whatever they are encrypted with. */
const carriers = [
	"aws_kinesis_firehose_delivery_stream",
	"aws_mailmanager_archive",
	"aws_ses_event_destination",
	"aws_ses_receipt_rule",
	"aws_sesv2_configuration_set_event_destination",
];
/** What carriers name, and what names their keys. */
const stores = ["aws_s3_bucket", "aws_s3_bucket_server_side_encryption_configuration", "aws_sns_topic"];

/** derived.mail_key, one per key: whether mail is under it, and which services its policy admits. */
const derivation: Derivation = {
	id: "mail-keys",
	target: "plan",
	needs: [...keyPolicies.subjects, ...keyPolicies.attachments].map(({ kind }) => kind),
	uses: [...carriers, ...stores],
	produces: ["derived.mail_key"],
	derive: (view) => {
		const used = keysOfMail(view);
		return policiesOfKeys(view).map((found) => derivedOf(found, used));
	},
};

export default derivation;

function derivedOf(found: FoundPolicies, used: KeysOfMail): DerivedItem {
	const own = { kind: "derived.mail_key", id: found.item.id };
	const error = found.error ?? found.hidden;
	if (error !== undefined) return { ...own, error, basis: [...found.basis] };
	const { values, gaps, rests = [] } = merged([admittedServices(found), mailUse(found, used)]);
	return { ...own, values, basis: [...new Set([...found.basis, ...rests])], ...(gaps.size === 0 ? {} : { gaps: Object.fromEntries(gaps) }) };
}

function admittedServices({ policies }: FoundPolicies): Facts {
	const names = new Set(servicePrincipals(policies).map(({ service }) => serviceName(service)));
	return decided("admittedServices", [
		...[...names].sort().map((value) => ({ value, sure: !value.includes("${") })),
		...unknownPrincipals(policies).map((value) => ({ value, sure: false })),
	]);
}

/** Mail is under a key that admits SES, and under one that a carrier of mail names, or that its store is encrypted with. */
function mailUse({ item, policies }: FoundPolicies, used: KeysOfMail): Facts {
	const admitsSes = servicePrincipals(policies).some(({ service }) => serviceName(service) === "ses");
	const rests = used.keys.get(item) ?? [];
	if (admitsSes || rests.length > 0) return { values: { holdsMail: true }, gaps: new Map(), rests };
	const hidden = used.unread;
	if (hidden === undefined) return { values: { holdsMail: false }, gaps: new Map() };
	return { values: {}, gaps: new Map([["holdsMail", { code: hidden.code, detail: hidden.detail }]]) };
}

interface KeysOfMail {
	/** Key to what names it. */
	keys: Map<Evidence, Evidence[]>;
	/** Why a carrier or store that names one may be missing. */
	unread: EvidenceError | undefined;
}

function keysOfMail(view: DerivationView): KeysOfMail {
	const names = namesOf(keyPolicies.subjects.flatMap(({ kind }) => view.items(kind)));
	const storeItems = stores.flatMap((kind) => view.items(kind));
	const storeNames = namesOf(storeItems);
	const keys = new Map<Evidence, Evidence[]>();
	const note = (item: Evidence): void => {
		for (const text of textsOf(item)) {
			const key = names.get(text);
			if (key === undefined) continue;
			const named = keys.get(key);
			if (named === undefined) keys.set(key, [item]);
			else named.push(item);
		}
	};
	const held = new Set<Evidence>();
	const carrierItems = carriers.flatMap((kind) => view.items(kind));
	for (const item of carrierItems) {
		note(item);
		for (const text of textsOf(item)) {
			const store = storeNames.get(text);
			if (store !== undefined) held.add(store);
		}
	}
	for (const store of storeItems) {
		const of = [...textsOf(store)].flatMap((text) => storeNames.get(text) ?? []);
		if (held.has(store) || of.some((one) => held.has(one))) note(store);
	}
	return { keys, unread: unseen(view, [...carriers, ...stores]) };
}

function textsOf(item: Evidence): Set<string> {
	const texts = new Set(Object.values(item.references ?? {}).flat());
	const open: unknown[] = [item.values];
	while (open.length > 0) {
		const value = open.pop();
		if (typeof value === "string") texts.add(value);
		else if (value !== null && typeof value === "object") open.push(...Object.values(value));
	}
	return texts;
}
