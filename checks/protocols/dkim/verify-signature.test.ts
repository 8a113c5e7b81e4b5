import { createHash, generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Zone, zoneResolver } from "../testing/zone-resolver.ts";
import { BodyHash, type HeaderField, signedHeader } from "./canonical.ts";
import { parseDkimSignature } from "./parse-signature.ts";
import { verifyDkimSignature } from "./verify-signature.ts";

/** RFC 8463 appendix A.3. */
const footballMessage = `DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
`;
const footballKeys: Zone = {
	"brisbane._domainkey.football.example.com": { TXT: ["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="] },
	"test._domainkey.football.example.com": {
		TXT: [
			"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
		],
	},
};

function fieldsOf(message: string): { fields: HeaderField[]; body: Buffer } {
	const text = message.replaceAll(/\r?\n/g, "\r\n");
	const end = text.indexOf("\r\n\r\n");
	const fields = text
		.slice(0, end)
		.split(/\r\n(?![ \t])/)
		.map((raw) => ({ name: raw.slice(0, raw.indexOf(":")).toLowerCase(), raw }));
	return { fields, body: Buffer.from(text.slice(end + 4), "latin1") };
}

/** The outcome of every signature of a message, top first. */
async function verifyAll(message: string, zone: Zone) {
	const { fields, body } = fieldsOf(message);
	const outcomes = [];
	for (const field of fields.filter((one) => one.name === "dkim-signature")) {
		const parsed = parseDkimSignature(field.raw.slice(field.raw.indexOf(":") + 1));
		if (!parsed.ok) throw new Error(parsed.error);
		const { signature } = parsed;
		const hash = new BodyHash("sha256", signature.bodyCanonicalization, signature.bodyLength);
		hash.update(body);
		outcomes.push(
			await verifyDkimSignature({ signature, field, fields: fields.filter((one) => one !== field), bodyHash: hash.digest(), resolver: zoneResolver(zone) }),
		);
	}
	return outcomes;
}

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const keyRecord = `v=DKIM1; p=${keys.publicKey.export({ format: "der", type: "spki" }).toString("base64")}`;
const header = "From: a@example.org\r\nTo: b@example.net\r\nSubject:  two   spaces \r\n";

/** A message signed by us with these tags. */
function signed(tags: string, body: string, top = header): string {
	const form = /c=\w+\/relaxed/.test(tags) ? "relaxed" : "simple";
	const limit = /l=(\d+)/.exec(tags)?.[1];
	const hash = new BodyHash("sha256", form, limit === undefined ? null : Number(limit));
	hash.update(Buffer.from(body));
	const raw = `DKIM-Signature: v=1; ${tags} d=example.org; s=s1; h=from:to:subject:nothing; bh=${hash.digest()?.toString("base64")}; b=`;
	const parsed = parseDkimSignature(`${raw.slice(15)}AA==`);
	if (!parsed.ok) throw new Error(parsed.error);
	const data = signedHeader(fieldsOf(`${top}\r\n`).fields, { name: "dkim-signature", raw }, parsed.signature);
	return `${raw}${sign("sha256", data, keys.privateKey).toString("base64")}\r\n${top}\r\n${body}`;
}

const zone = (text = keyRecord): Zone => ({ "s1._domainkey.example.org": { TXT: [text] } });
const tags = "a=rsa-sha256; c=relaxed/relaxed;";

describe("verifyDkimSignature", () => {
	it("verifies both signatures of RFC 8463 appendix A", async () => {
		expect(await verifyAll(footballMessage, footballKeys)).toEqual([{ verified: true }, { verified: true }]);
	});

	it("sees a change of the body, of a signed field and of a field that was not there", async () => {
		const change = async (from: string, to: string) => (await verifyAll(footballMessage.replace(from, to), footballKeys)).map((one) => one.reason);
		expect(await change("hungry", "angry")).toEqual(["body", "body"]);
		expect(await change("dinner", "supper")).toEqual(["signature", "signature"]);
		expect(await change("From: Joe", "From: x@football.example.com\nFrom: Joe")).toEqual(["signature", "signature"]);
		// Relaxed: white space is folded, trailing lines do not count.
		expect(await change("To: Suzie Q <", "To:    Suzie\n Q  <")).toEqual([undefined, undefined]);
		expect(await change("Joe.\n", "Joe.  \n\n\n")).toEqual([undefined, undefined]);
	});

	it.each(["a=rsa-sha256;", "a=rsa-sha256; c=simple;", "a=rsa-sha256; c=relaxed;", "a=rsa-sha256; c=simple/relaxed;", tags, `${tags} l=5;`])(
		"verifies what was signed with %s",
		async (how) => {
			for (const body of ["", "\r\n", "text", "text\r\n", " a  b \r\n\r\n", "\r\n\r\nx\r\n\r\n", "lone \r return\r\n"]) {
				if (how.includes("l=") && body.trim().length < 5) continue;
				expect(await verifyAll(signed(how, body), zone()), JSON.stringify(body)).toEqual([{ verified: true }]);
			}
		},
	);

	it("takes a body that is shorter than l= for changed", async () => {
		const text = signed(`${tags} l=5;`, "12345678\r\n");
		expect(await verifyAll(text.replace("12345678\r\n", "1"), zone())).toMatchObject([{ verified: false, reason: "body" }]);
		expect(await verifyAll(`${text}added`, zone())).toEqual([{ verified: true }]);
	});

	it.each([
		["no key", {}, { verified: false, reason: "no_key" }],
		["a revoked key", zone("v=DKIM1; p="), { verified: false, reason: "revoked" }],
		["a key of another type", zone("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="), { verified: false, reason: "algorithm" }],
		[
			"another key",
			zone(footballKeys["test._domainkey.football.example.com"] === undefined ? "" : keyRecord.replace("MIIBIjAN", "MIIBIjAM")),
			{ verified: false, reason: "key_unusable" },
		],
		["a key for sha1 alone", zone(`${keyRecord}; h=sha1`), { verified: false, reason: "key_unusable" }],
		["a key for another service", zone(`${keyRecord}; s=other`), { verified: false, reason: "key_unusable" }],
		["two keys", { "s1._domainkey.example.org": { TXT: [keyRecord, keyRecord] } }, { verified: null, reason: "several_keys" }],
		["SERVFAIL", { "s1._domainkey.example.org": "SERVFAIL" }, { verified: null, reason: "key_unreadable", code: "servfail" }],
	] as [string, Zone, object][])("%s", async (_name, world, outcome) => {
		expect(await verifyAll(signed(tags, "x\r\n"), world)).toEqual([outcome]);
	});

	it("never verifies rsa-sha1 (RFC 8301 3.1), nor i= below d= where the key says t=s", async () => {
		expect(await verifyAll(signed("a=rsa-sha1; c=relaxed/relaxed;", "x"), zone())).toMatchObject([{ verified: false, reason: "algorithm" }]);
		const below = signed(`${tags} i=@news.example.org;`, "x");
		expect(await verifyAll(below, zone())).toEqual([{ verified: true }]);
		expect(await verifyAll(below, zone(`${keyRecord}; t=s`))).toMatchObject([{ verified: false, reason: "key_unusable" }]);
	});
});

describe("BodyHash", () => {
	it("gives one hash however the body is cut and whatever its line ends are", () => {
		const octets = fc.array(fc.constantFrom("a", " ", "\t", "\r\n", "\n", "\r", "bc"), { maxLength: 30 }).map((parts) => parts.join(""));
		fc.assert(
			fc.property(octets, fc.array(fc.nat({ max: 40 })), fc.constantFrom("simple" as const, "relaxed" as const), (text, cuts, form) => {
				const hash = new BodyHash("sha256", form, null);
				const body = Buffer.from(text);
				let at = 0;
				for (const cut of [...cuts, body.length].sort((a, b) => a - b)) {
					hash.update(body.subarray(at, cut));
					at = Math.max(at, Math.min(cut, body.length));
				}
				return hash.digest()?.toString("hex") === createHash("sha256").update(byTheBook(text, form)).digest("hex");
			}),
			{ numRuns: 2000 },
		);
	});

	it("has the values of RFC 6376 3.4.3 and 3.4.4 for an empty body", () => {
		const empty = (form: "simple" | "relaxed", algorithm: "sha1" | "sha256") => new BodyHash(algorithm, form, null).digest()?.toString("base64");
		expect(empty("simple", "sha1")).toBe("uoq1oCgLlTqpdDX/iUbLy7J1Wic=");
		expect(empty("simple", "sha256")).toBe("frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
		expect(empty("relaxed", "sha1")).toBe("2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
		expect(empty("relaxed", "sha256")).toBe("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
	});
});

/** The canonical body as the RFC words it, over the whole text. */
function byTheBook(text: string, form: "simple" | "relaxed"): Buffer {
	let lines = text.replaceAll(/\r?\n/g, "\n").split("\n");
	if (form === "relaxed") lines = lines.map((line) => line.replaceAll(/[ \t]+/g, " ").replace(/ $/, ""));
	while (lines.length > 0 && lines.at(-1) === "") lines.pop();
	if (lines.length === 0) return Buffer.from(form === "simple" ? "\r\n" : "");
	return Buffer.from(`${lines.join("\r\n")}\r\n`, "latin1");
}

describe("parseDkimSignature", () => {
	const good = "v=1; a=rsa-sha256; d=example.org; s=s1; h=From:To; bh=AA==; b=AA==";

	it("reads the tags and their defaults", () => {
		expect(parseDkimSignature(good)).toMatchObject({
			ok: true,
			signature: { headers: ["from", "to"], headerCanonicalization: "simple", bodyCanonicalization: "simple", identity: "example.org", bodyLength: null },
		});
		expect(parseDkimSignature(`${good}; c=relaxed`)).toMatchObject({ signature: { headerCanonicalization: "relaxed", bodyCanonicalization: "simple" } });
	});

	it("refuses what RFC 6376 3.5 does not allow", () => {
		for (const [from, to] of [
			["v=1", "v=2"],
			["v=1; ", ""],
			["h=From:To", "h=To"],
			["h=From:To", "h=From::To"],
			["bh=AA==", "bh=?"],
			["d=example.org", "d=example..org"],
			["s=s1", "s="],
			["b=AA==", "b="],
			["v=1", "v=1; c=nowsp"],
			["v=1", "v=1; i=@example.com"],
			["v=1", "v=1; l=-1"],
			["v=1", "v=1; v=1"],
		] as const)
			expect(parseDkimSignature(good.replace(from, to)).ok, to).toBe(false);
	});

	it("takes any text, and much of the same", () => {
		fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof parseDkimSignature(text).ok === "boolean"));
		fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof parseDkimSignature(`${good}; ${text}`).ok === "boolean"));
		for (const piece of ["h=", ":", "; ", "\r\n ", "a.", "=="])
			expect(typeof parseDkimSignature(good.replace("From:To", `From:${piece.repeat(5000)}`)).ok).toBe("boolean");
	});
});
