import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultLimits, type MailReport, readMailReports } from "./index.ts";
import { dmarcXml, mailWith, tlsJson, zipOf } from "./testing/report-builders.ts";

const xml = Buffer.from(dmarcXml([{ count: 3 }]));
const json = Buffer.from(tlsJson());
const said = (reports: readonly MailReport[]): string[] => reports.map((one) => (one.ok ? one.kind : `${one.kind} ${one.error.code}: ${one.error.message}`));

describe("report files", () => {
	it.each<[string, Buffer, string[]]>([
		["XML", xml, ["dmarc"]],
		["XML with a byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), xml]), ["dmarc"]],
		["XML behind empty lines", Buffer.concat([Buffer.from("\n \r\n"), xml]), ["dmarc"]],
		["JSON", json, ["tls"]],
		["gzip of XML", gzipSync(xml), ["dmarc"]],
		["gzip of JSON", gzipSync(json), ["tls"]],
		["gzip in two members", Buffer.concat([gzipSync(xml.subarray(0, 50)), gzipSync(xml.subarray(50))]), ["dmarc"]],
		["gzip with a line end behind it", Buffer.concat([gzipSync(xml), Buffer.from("\r\n")]), ["dmarc"]],
		["gzip in gzip", gzipSync(gzipSync(xml)), ["dmarc"]],
		["zip", zipOf([{ name: "a.xml", data: xml }]), ["dmarc"]],
		["zip without compression", zipOf([{ name: "a.xml", data: xml, method: 0 }]), ["dmarc"]],
		[
			"zip with several reports, a folder and a note",
			zipOf([
				{ name: "d/", data: Buffer.alloc(0), method: 0 },
				{ name: "a", data: xml },
				{ name: "b", data: json },
				{ name: "n", data: Buffer.from("note") },
			]),
			["dmarc", "tls"],
		],
		["a mail with a zip", mailWith([{ type: "application/zip", data: zipOf([{ name: "a", data: xml }]) }]), ["dmarc"]],
		[
			"a mail with gzip and JSON",
			mailWith([
				{ type: "application/gzip", data: gzipSync(xml) },
				{ type: "application/tlsrpt+json", data: json },
			]),
			["dmarc", "tls"],
		],
		[
			"a mail with a logo beside the report",
			mailWith([
				{ type: "image/png", data: Buffer.from("\x89PNG") },
				{ type: "application/gzip", data: gzipSync(xml) },
			]),
			["dmarc"],
		],
		["a mail that was passed on", mailWith([{ type: "message/rfc822", data: mailWith([{ type: "application/gzip", data: gzipSync(xml) }]) }]), ["dmarc"]],
	])("reads %s", async (_what, octets, want) => expect(said(await readMailReports(octets))).toEqual(want));

	it("reads quoted-printable and a body that is the report itself", async () => {
		const text = dmarcXml([{}]).replaceAll("=", "=3D").replaceAll(/.{60}/g, "$&=\r\n");
		const mail = `Received: x\r\nContent-Type: text/xml\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${text}`;
		expect(said(await readMailReports(Buffer.from(mail)))).toEqual(["dmarc"]);
	});

	it.each<[string, Buffer, RegExp]>([
		["an empty file", Buffer.alloc(0), /^null malformed: this is neither/],
		["a PDF", Buffer.from("%PDF-1.7\n"), /^null malformed: this is neither/],
		["a mail without attachments", mailWith([]), /^null malformed: the mail has no report attached/],
		["an mbox", Buffer.from("From a@b Mon\nSubject: x\n\n"), /^null malformed: .*mbox/],
		[
			"a failure report",
			mailWith([{ type: "message/feedback-report", data: Buffer.from("Feedback-Type: auth-failure") }], {
				type: "multipart/report; report-type=feedback-report",
			}),
			/failure report/,
		],
		["gzip that is cut off", gzipSync(xml).subarray(0, -20), /malformed: the compressed data is broken or cut off/],
		["gzip with another checksum", withLast(gzipSync(xml), 8), /malformed: the gzip data does not have the checksum/],
		["gzip with something behind it", Buffer.concat([gzipSync(xml), Buffer.from("x")]), /followed by something else/],
		["a zip that holds none", zipOf([{ name: "n", data: Buffer.from("note") }]), /^null malformed: the zip file holds no report/],
		["an empty zip", zipOf([]), /holds no report/],
		["a zip with another checksum", zipOf([{ name: "a", data: xml, crc: 1 }]), /dmarc malformed: .*size and checksum/],
		["a zip with another size", zipOf([{ name: "a", data: xml, size: 5 }]), /size and checksum/],
		["an encrypted zip", zipOf([{ name: "a", data: xml, flags: 1 }]), /encrypted/],
		["a zip of another method", zipOf([{ name: "a", data: xml, method: 14 }]), /another method/],
		["a zip that is cut off", zipOf([{ name: "a", data: xml }]).subarray(0, -10), /no directory/],
		["a zip with many entries", zipOf(Array.from({ length: 101 }, (_one, index) => ({ name: `${index}`, data: xml }))), /too_large: .*101 entries/],
		["a mail with many parts", mailWith(Array.from({ length: 101 }, () => ({ type: "text/xml", data: xml }))), /too_large: .*100 parts/],
		["containers in containers", [...Array(8)].reduce((inner: Buffer) => gzipSync(inner), xml), /too_large: .*containers/],
	])("refuses %s", async (_what, octets, want) => {
		const reports = await readMailReports(octets);
		expect(reports.filter((one) => one.ok)).toEqual([]);
		expect(said(reports)[0]).toMatch(want);
	});

	it("says so of a report beside another that it cannot read", async () => {
		const broken = xml.subarray(0, 200);
		expect(
			said(
				await readMailReports(
					zipOf([
						{ name: "a", data: xml },
						{ name: "b", data: broken },
					]),
				),
			),
		).toEqual(["dmarc", expect.stringMatching(/^dmarc malformed: /)]);
	});

	it("gives an outcome for any octets, and for any change to a file that holds a report", async () => {
		const bases = [gzipSync(xml), zipOf([{ name: "a", data: xml }]), mailWith([{ type: "application/zip", data: zipOf([{ name: "a", data: json }]) }])];
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (octets) => {
				expect((await readMailReports(octets)).length).toBeGreaterThan(0);
			}),
		);
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...bases), fc.nat(2000), fc.uint8Array({ maxLength: 8 }), async (base, at, put) => {
				const octets = Buffer.from(base);
				octets.set(put.subarray(0, Math.max(0, octets.length - (at % octets.length))), at % octets.length);
				expect((await readMailReports(octets)).length).toBeGreaterThan(0);
			}),
			{ numRuns: 500 },
		);
	});
});

describe("hostile report files are refused in bounded time and memory", () => {
	const small = { ...defaultLimits, unpackedBytes: 4 * 1024 * 1024 };
	const long = Buffer.concat([Buffer.from("<feedback>"), Buffer.alloc(40 * 1024 * 1024, 0x61)]);
	const bomb = gzipSync(long);

	it.each<[string, () => Buffer, RegExp]>([
		["a gzip bomb", () => bomb, /too_large: .*250 times/],
		["a zip bomb", () => zipOf([{ name: "a", data: long }]), /too_large: .*250 times/],
		["a gzip bomb in a mail", () => mailWith([{ type: "application/gzip", data: bomb }]), /too_large: .*250 times/],
		["a thousand laughs", () => Buffer.from(`<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "${"&a;".repeat(1000)}">]><feedback>&b;</feedback>`), /document type/],
		["deep nesting", () => Buffer.from(`<feedback>${"<a>".repeat(3_000_000)}`), /too_large: .*deeper/],
		["a tag of 10 MB", () => Buffer.from(`<feedback a="${"x".repeat(10_000_000)}">`), /too_large: .*tag/],
		["an opening that never ends", () => Buffer.from(`<${"a".repeat(10_000_000)}`), /too_large: .*tag/],
		["a line of 10 MB in a value", () => Buffer.from(dmarcXml([{}]).replace("reject", "x".repeat(10_000_000))), /too_large: p of the report/],
		["deep JSON", () => Buffer.from(`{"a":${"[".repeat(10_000_000)}`), /too_large: .*nested/],
		["a header of 10 MB", () => Buffer.from(`A: ${"x\n ".repeat(3_000_000)}`), /too_large: .*header/],
		["a boundary over and over", () => Buffer.from(`Content-Type: multipart/mixed; boundary=a\n\n${"--a".repeat(3_000_000)}`), /no report/],
		[
			"spaces in quoted-printable",
			() => Buffer.from(`Content-Type: a/b\nContent-Transfer-Encoding: quoted-printable\n\n${" ".repeat(10_000_000)}x`),
			/no report/,
		],
		["references over and over", () => Buffer.from(`<feedback>${"&amp;".repeat(1_000_000)}`), /malformed/],
		["white space alone", () => Buffer.alloc(10_000_000, 0x20), /neither/],
		["comments that begin and begin", () => Buffer.from(`<feedback><!-- ${"<!-".repeat(3_000_000)}`), /within a comment/],
	])("%s", { timeout: 20_000 }, async (_what, make, want) => {
		const octets = make();
		const start = performance.now();
		const reports = await readMailReports(octets);
		expect(performance.now() - start).toBeLessThan(10_000);
		expect(said(reports)[0]).toMatch(want);
	});

	it("reads a line of 10 MB where nothing is read from it", async () => {
		const octets = Buffer.from(dmarcXml([{}]).replace("x@receiver.example", "x".repeat(10_000_000)));
		expect(said(await readMailReports(octets))).toEqual(["dmarc"]);
	});

	it("counts what all entries unpack to", async () => {
		// Noise does not shrink: it is the sum that is over the limit, not a ratio.
		const noise = Buffer.from(
			dmarcXml([{}], { extra: `<!--${Array.from({ length: 150_000 }, (_one, index) => (index * 2_654_435_761) % 4_294_967_296).join(" ")}-->` }),
		);
		const entries = [1, 2, 3, 4].map((name) => ({ name: String(name), data: noise }));
		const reports = await readMailReports(zipOf(entries), small);
		expect(said(reports)).toEqual(["dmarc", "dmarc", expect.stringMatching(/too_large: .*4194304 octets/), expect.stringMatching(/too_large/)]);
	});
});

function withLast(octets: Buffer, back: number): Buffer {
	const changed = Buffer.from(octets);
	changed[changed.length - back] = (changed[changed.length - back] as number) ^ 1;
	return changed;
}
