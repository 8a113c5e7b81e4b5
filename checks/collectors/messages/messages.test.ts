import { generateKeyPairSync, sign } from "node:crypto";
import { chmod, mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultConfig } from "../../../model/config.ts";
import { type Evidence, evidenceSchema } from "../../../model/evidence.ts";
import { signedHeader } from "../../protocols/dkim/canonical.ts";
import { BodyHash, parseDkimSignature } from "../../protocols/dkim/index.ts";
import { type Zone, zoneResolver } from "../../protocols/testing/zone-resolver.ts";
import type { CollectContext } from "../collector.ts";
import { headerFacts } from "./header-facts.ts";
import messages from "./index.ts";
import { type SampleMessage, sampleMessageSchema } from "./schema.ts";

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const zone: Zone = {
	"s1._domainkey.mail.example.org": { TXT: [`v=DKIM1; p=${keys.publicKey.export({ format: "der", type: "spki" }).toString("base64")}`] },
	"gone._domainkey.example.org": { TXT: ["v=DKIM1; p="] },
	"_dmarc.example.org": { TXT: ["v=DMARC1; p=reject"] },
};

/** A signature by s1 of mail.example.org over the four headers of a message. */
function signed(fields: string, body: string): string {
	const hash = new BodyHash("sha256", "relaxed", null);
	hash.update(Buffer.from(body));
	const raw = `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=mail.example.org; s=s1;\r\n\th=From:To:Subject:Date; bh=${hash.digest()?.toString("base64")}; b=`;
	const parsed = parseDkimSignature(`${raw.slice(15)}AA==`);
	if (!parsed.ok) throw new Error(parsed.error);
	const list = fields.split(/\r\n(?![ \t])/).filter((line) => line !== "");
	const named = list.map((line) => ({ name: line.slice(0, line.indexOf(":")).toLowerCase(), raw: line }));
	const value = sign("sha256", signedHeader(named, { name: "dkim-signature", raw }, parsed.signature), keys.privateKey).toString("base64");
	return `${raw}${value}\r\n${fields}\r\n${body}`;
}

const fields =
	'From: "Dr. A@evil.test" <billing@example.org>\r\nTo: Jane Doe <jane@patient.example>\r\nSubject: Your results\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\n';
const body = "Dear Jane, your test is ready.\r\n";
const received =
	"Return-Path: <bounce@mail.example.org>\r\nAuthentication-Results: mx.test; spf=pass (ok) smtp.mailfrom=bounce@mail.example.org; dkim=pass\r\n";

async function collect(
	files: Record<string, string | Buffer>,
	options: { signal?: AbortSignal; id?: string; zone?: Zone } = {},
): Promise<{ items: Evidence[]; folder: string }> {
	const folder = await mkdtemp(join(tmpdir(), "messages-"));
	for (const [name, data] of Object.entries(files)) {
		await mkdir(dirname(join(folder, name)), { recursive: true });
		await writeFile(join(folder, name), data);
	}
	return { items: await collectFrom(folder, options), folder };
}

async function collectFrom(path: string, options: { signal?: AbortSignal; id?: string; zone?: Zone } = {}): Promise<Evidence[]> {
	const context: CollectContext = {
		config: defaultConfig,
		path,
		domain: () => undefined,
		resolver: zoneResolver(options.zone ?? zone),
		connector: { network: defaultConfig.network, extraRoots: [], connect: () => Promise.reject(new Error("messages need no connection")) },
		now: () => "2026-06-01T10:00:00Z",
		signal: options.signal ?? new AbortController().signal,
		limit: (_key, _perKey, work) => work(),
		log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
	};
	const items: Evidence[] = [];
	for await (const item of messages.collect({ id: options.id ?? "samples/", type: "content" }, context)) items.push(evidenceSchema.parse(item));
	return items;
}

const samples = (items: readonly Evidence[]) => items.filter((item) => item.kind === "content.message");
const valuesOf = (item: Evidence | undefined): SampleMessage => sampleMessageSchema.strict().parse(item?.values);

describe("the messages collector", () => {
	it("keeps domains, field names and outcomes of a message, and nothing a person wrote", async () => {
		const { items } = await collect({ "billing.eml": received + signed(fields, body) });
		expect(valuesOf(samples(items)[0])).toEqual({
			stream: "billing",
			from: ["example.org"],
			mailFrom: "mail.example.org",
			spf: "pass",
			bulk: false,
			received: [],
			unsubscribe: [],
			dkim: [
				{
					domain: "mail.example.org",
					selector: "s1",
					algorithm: "rsa-sha256",
					verified: true,
					reason: null,
					headers: ["from", "to", "subject", "date"],
					bodyLimit: false,
				},
			],
			malformedSignatures: 0,
		});
		expect(JSON.stringify(items)).not.toMatch(/jane|patient|results|evil|bounce|billing@/i);
		expect(items.filter((item) => item.kind === "dns.txt").map((item) => item.id)).toContain("_dmarc.mail.example.org");
		expect(items.slice(-2).map((item) => item.id)).toEqual(["content.message@samples/", "dns.txt@samples/"]);
	});

	it("reads line ends as files have them, and any place in a folder", async () => {
		const { items } = await collect({ "a/b/news.EML": (received + signed(fields, body)).replaceAll("\r\n", "\n"), "template.html": "<p>", "x.txt": "y" });
		expect(samples(items)).toHaveLength(1);
		expect(valuesOf(samples(items)[0])).toMatchObject({ stream: "news", dkim: [{ verified: true }] });
	});

	it("tells a signature that fails, one that cannot be checked and one that cannot be read", async () => {
		const text = signed(fields, body);
		const { items } = await collect({
			"changed.eml": text.replace("ready", "late"),
			"revoked.eml": text.replace("s=s1", "s=gone").replace("d=mail.", "d="),
			"broken.eml": text.replace("v=1", "v=9"),
			"none.eml": `${fields}\r\n${body}`,
		});
		const of = (name: string) => valuesOf(samples(items).find((item) => item.id === `samples/${name}.eml`));
		expect(of("changed").dkim).toMatchObject([{ verified: false, reason: "body" }]);
		expect(of("revoked").dkim).toMatchObject([{ verified: false, reason: "revoked" }]);
		expect(of("broken")).toMatchObject({ dkim: [], malformedSignatures: 1 });
		expect(of("none")).toMatchObject({ dkim: [], malformedSignatures: 0, mailFrom: null, spf: null });
		const unread = await collect({ "a.eml": text }, { zone: { "s1._domainkey.mail.example.org": "TIMEOUT" } });
		expect(valuesOf(samples(unread.items)[0]).dkim).toMatchObject([{ verified: null, reason: "timeout" }]);
	});

	it("refuses what is no message, and what is too large, each with its reason", async () => {
		const { items } = await collect({
			"empty.eml": "",
			"html.eml": "<html>",
			"mbox.eml": "From someone Mon Jun 1\r\nFrom: a@b.example\r\n\r\nx",
			"head.eml": `X: ${"a".repeat(600_000)}\r\n`,
		});
		expect(samples(items).map((item) => [item.id, item.error?.code])).toEqual([
			["samples/empty.eml", "malformed"],
			["samples/head.eml", "too_large"],
			["samples/html.eml", "malformed"],
			["samples/mbox.eml", "malformed"],
		]);
	});

	it("shows no file name that looks like a patient's identifier, and follows no link out of the folder", async () => {
		const { items, folder } = await collect({ "123-45-6789.eml": fields });
		expect(JSON.stringify(items)).not.toContain("123-45-6789");
		await symlink("/etc/hostname", join(folder, "z.eml"));
		expect((await collectFrom(folder)).at(-2)).toMatchObject({ kind: "listing", status: "error", error: { code: "permission_denied" } });
		expect((await collectFrom(join(folder, "none"))).at(-2)).toMatchObject({ error: { code: "evidence_missing" } });
	});

	it("says of a file without permission that it was not read", async (context) => {
		if (process.getuid?.() === 0) {
			console.log("skipped: root may read every file");
			context.skip();
		}
		const { folder } = await collect({ "a.eml": fields });
		await chmod(join(folder, "a.eml"), 0);
		expect(samples(await collectFrom(folder))[0]?.error?.code).toBe("permission_denied");
	});

	it("lists nothing once it was stopped", async () => {
		expect((await collect({ "a.eml": fields }, { signal: AbortSignal.abort() })).items).toEqual([]);
	});

	it("takes any octets", async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (octets) => {
				const { items } = await collect({ "a.eml": Buffer.concat([Buffer.from("From: a@example.org\nDKIM-Signature: "), octets]) });
				expect(samples(items)).toHaveLength(1);
			}),
			{ numRuns: 30 },
		);
	});
});

describe("headerFacts", () => {
	const factsOf = (...lines: string[]) => headerFacts(lines.map((raw) => ({ name: raw.slice(0, raw.indexOf(":")).toLowerCase(), raw })));

	it("finds every domain of From, and none in names and comments", () => {
		expect(factsOf('From: a@Example.org, "x@no.test" <b@example.net> (c@no.test)').from).toEqual(["example.org", "example.net"]);
		expect(factsOf("From: a@example.org", "From: b@example.net").from).toEqual(["example.org", "example.net"]);
		expect(factsOf("From: Clinic: a@example.org;").from).toEqual(["example.org"]);
		expect(factsOf(`From: a@${Buffer.from("bücher.example").toString("latin1")}`).from).toEqual(["xn--bcher-kva.example"]);
		expect(factsOf("To: a@example.org").from).toEqual([]);
		expect(factsOf('From: "unclosed <a@example.org>').from).toEqual([]);
	});

	it("takes SPF from the receiver's own line on top, if it speaks of the return path", () => {
		const path = "Return-Path: <a@example.org>";
		expect(factsOf(path, "Authentication-Results: r; spf=pass smtp.mailfrom=example.org", "Authentication-Results: x; spf=fail").spf).toBe("pass");
		expect(factsOf(path, "Authentication-Results: r; dkim=pass (spf=pass)", "Authentication-Results: x; spf=pass").spf).toBeNull();
		expect(factsOf(path, "Authentication-Results: r; spf=pass smtp.mailfrom=other.example").spf).toBeNull();
		expect(factsOf(path, "Received-SPF: SoftFail (x) client-ip=192.0.2.1").spf).toBe("softfail");
		expect(factsOf(path, "Received-SPF: whatever").spf).toBeNull();
		expect(factsOf("Return-Path: <>", "Authentication-Results: r; spf=none").mailFrom).toBeNull();
		expect(factsOf("Authentication-Results: r; spf=pass smtp.mailfrom=a@example.org")).toMatchObject({ mailFrom: "example.org", spf: "pass" });
	});

	it("knows bulk mail by its list headers", () => {
		expect(factsOf("List-Unsubscribe: <https://x.example>").bulk).toBe(true);
		expect(factsOf("Precedence: bulk").bulk).toBe(true);
		expect(factsOf("Precedence: first-class").bulk).toBe(false);
	});

	it("takes any text, and much of the same", () => {
		fc.assert(
			fc.property(
				fc.string({ unit: "binary" }),
				fc.string({ unit: "binary" }),
				(one, other) => factsOf(`From:${one}`, `Authentication-Results:${other}`).from.length <= 20,
			),
		);
		for (const piece of ["(", '"', "a@b,", "@ ", "\\", "spf=", "smtp.mailfrom="])
			expect(factsOf(`From: ${piece.repeat(20_000)}`, `Authentication-Results: ${piece.repeat(20_000)}`).bulk).toBe(false);
	});
});
