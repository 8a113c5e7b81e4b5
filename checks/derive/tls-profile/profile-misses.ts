import type { TlsProfile } from "../../data/tls-profiles/load-tls-profiles.ts";
import type { CertificateFacts } from "../../protocols/certificate/index.ts";
import { cipherSuites, namedGroups, schemeByCode, signatureSchemes } from "../../protocols/tls/index.ts";
import type { Seen } from "./seen.ts";

/** A rule of the profile that the address does not keep. */
export interface ProfileMiss {
	/** Such as "versions" or "certificate.lifetime". */
	rule: string;
	observed: string;
	expected: string;
	/** phase_out: the publisher tolerates it for now. */
	level: "insufficient" | "phase_out";
}

export interface ProfileJudgement {
	misses: ProfileMiss[];
	/** Rules of which something could not be seen. */
	open: string[];
}

/** Sets what was seen of an address against every rule of a profile. Facts of one server and one table; nothing is looked up. */
export function profileMisses(profile: TlsProfile, seen: Seen, certificates: readonly CertificateFacts[]): ProfileJudgement {
	const misses: ProfileMiss[] = [];
	const open: string[] = [];
	const miss = (rule: string, observed: string, expected: string, level: ProfileMiss["level"] = "insufficient"): void =>
		void misses.push({ rule, observed, expected, level });
	const { rules } = profile;
	const { session, offers, newestOnly } = seen;

	const versions: Record<string, boolean | null> = { SSLv3: offers.ssl3, ...session.accepted };
	for (const [version, accepted] of Object.entries(versions)) {
		const allowed = rules.versions.allowed.some((one) => one === version);
		const required = rules.versions.required.some((one) => one === version);
		if (accepted === true && !allowed) miss("versions", version, rules.versions.allowed.join(", "));
		if (accepted === false && required) miss("versions", `${version} refused`, `${version} accepted`);
		if (accepted === null && (!allowed || required)) open.push("versions");
	}

	graded(
		"suites",
		offers.suites,
		rules.suites,
		(name) => newestOnly && !name.startsWith("TLS_AES") && !name.startsWith("TLS_CHACHA"),
		cipherSuites.map((suite) => suite.name),
	);
	// Of groups that TLS 1.3 has dropped nothing is to be feared where nothing older is spoken.
	graded(
		"groups",
		offers.groups,
		rules.groups,
		(name) => newestOnly && !tls13Groups.has(name),
		namedGroups.map((group) => group.name),
	);

	const { dhBits } = offers;
	if (dhBits !== null && rules.dhBits === null) miss("dh", `${dhBits} bits`, "no finite-field key exchange");
	if (dhBits !== null && rules.dhBits !== null && dhBits < rules.dhBits) miss("dh", `${dhBits} bits`, `at least ${rules.dhBits} bits`);

	if (rules.exchangeHashes !== null && !newestOnly) {
		const allowed = new Set<string>(rules.exchangeHashes);
		const hashOf = new Map(signatureSchemes.map((scheme) => [scheme.name, schemeByCode(scheme.code)?.hash ?? "none"]));
		for (const name of offers.signatures.accepted) {
			const hash = hashOf.get(name);
			if (hash !== undefined && !allowed.has(hash))
				miss("exchange_hash", name, rules.exchangeHashes.filter((one) => one !== "none").join(", "), hash === "sha224" ? "phase_out" : "insufficient");
		}
		const settled = new Set([...offers.signatures.accepted, ...offers.signatures.refused]);
		if (signatureSchemes.some((scheme) => !allowed.has(scheme.hash) && !settled.has(scheme.name))) open.push("exchange_hash");
	}

	certificateMisses();
	return { misses, open: [...new Set(open)].sort() };

	function graded(
		rule: string,
		list: { accepted: readonly string[]; refused: readonly string[] },
		table: { allowed: readonly string[]; phaseOut: readonly string[] },
		moot: (name: string) => boolean,
		all: readonly string[],
	): void {
		const allowed = new Set(table.allowed);
		const phaseOut = new Set(table.phaseOut);
		for (const name of list.accepted) {
			if (allowed.has(name)) continue;
			miss(rule, name, `only ${table.allowed.join(", ")}`, phaseOut.has(name) ? "phase_out" : "insufficient");
		}
		const settled = new Set([...list.accepted, ...list.refused]);
		if (all.some((name) => !allowed.has(name) && !settled.has(name) && !moot(name))) open.push(rule);
	}

	function certificateMisses(): void {
		const wanted = rules.certificate;
		const leaf = certificates[0];
		if (leaf?.ok !== true) {
			open.push("certificate");
			return;
		}
		const keyType = leaf.key.type === "ec" ? "ecdsa" : leaf.key.type === "rsa-pss" ? "rsa" : leaf.key.type;
		if (!wanted.keyTypes.some((type) => type === keyType)) miss("certificate.key_type", keyType, wanted.keyTypes.join(", "));
		else if (keyType === "rsa" && wanted.rsaBits !== null && (leaf.key.bits ?? 0) < wanted.rsaBits) {
			const tolerated = wanted.rsaBitsPhaseOut !== null && (leaf.key.bits ?? 0) >= wanted.rsaBitsPhaseOut;
			miss("certificate.rsa_bits", `${leaf.key.bits ?? "unknown"} bits`, `at least ${wanted.rsaBits} bits`, tolerated ? "phase_out" : "insufficient");
		} else if (keyType === "ecdsa" && !wanted.curves.includes(leaf.key.curve ?? ""))
			miss("certificate.curve", leaf.key.curve ?? "unknown", wanted.curves.join(", "));
		for (const certificate of certificates) {
			// A root's own signature protects nothing.
			if (!certificate.ok || (certificate.selfSigned && certificate !== leaf)) continue;
			if (!wanted.signatures.includes(certificate.signature.name)) miss("certificate.signature", certificate.signature.name, wanted.signatures.join(", "));
		}
		if (wanted.lifetimeDays !== null && leaf.lifetimeDays > wanted.lifetimeDays)
			miss("certificate.lifetime", `${leaf.lifetimeDays} days`, `at most ${wanted.lifetimeDays} days`);
	}
}

/** Groups that TLS 1.3 defines. */
const tls13Groups = new Set(
	namedGroups
		.filter((group) => group.kind !== "ec" || ["secp256r1", "secp384r1", "secp521r1", "x25519", "x448"].includes(group.name) || group.name.endsWith("tls13"))
		.map((group) => group.name),
);
