import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { encodeRdata, keyTagOf } from "../../protocols/dnssec/index.ts";
import { loadRootAnchors } from "./load-root-anchors.ts";

/** Public key of KSK-2024, as it stands in the root zone. */
const ksk2024 =
	"AwEAAa96jeuknZlaeSrvyAJj6ZHv28hhOKkx3rLGXVaC6rXTsDc449/cidltpkyGwCJNnOAlFNKF2jBosZBU5eeHspaQWOmOElZsjICMQMC3aeHbGiShvZsx4wMYSjH8e7Vrhbu6irwCzVBApESjbUdpWWmEnhathWu1jo+siFUiRAAxm9qyJNg/wOZqqzL/dL/q8PkcRU5oUKEpUge71M3ej2/7CPqpdVwuMoTvoB+ZOT4YeGyxMvHmbrxlFzGOHOijtzN+u1TQNatX2XBuzZNQ1K+s2CXkPIZo7s6JgZyvaBevYtxPvYLw4z9mR7K2vaF18UYH9Z9GNUUeayffKC73PYc=";

describe("the root's trust anchors", () => {
	it("have source and date", () => {
		const { source, asOf, anchors } = loadRootAnchors();
		expect(source).toContain("iana.org");
		expect(asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
		expect(anchors.map(({ keyTag }) => keyTag)).toEqual([20326, 38696]);
	});
	it("are the digest of the key in the zone (RFC 4034 5.1.4)", () => {
		const rdata = encodeRdata("DNSKEY", { flags: 257, algorithm: 8, key: Buffer.from(ksk2024, "base64") }, true) as Buffer;
		const anchor = loadRootAnchors().anchors.find(({ name }) => name === "KSK-2024");
		expect(keyTagOf(rdata)).toBe(anchor?.keyTag);
		expect(
			createHash("sha256")
				.update(Buffer.from([0]))
				.update(rdata)
				.digest("hex")
				.toUpperCase(),
		).toBe(anchor?.digest);
	});
});
