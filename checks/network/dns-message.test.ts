import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeQuery, matchReply, packetOf, type Query } from "./dns-message.ts";
import { decodeSections, MalformedMessage } from "./dns-sections.ts";

describe("any octets", () => {
	const query = encodeQuery("example.org", "TXT", true) as Query;

	it("a hostile message is decoded or malformed, in bounded time", () => {
		const header = packetOf(query, 1, false);
		header[2] = 0x81;
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 0, max: 65535 }), (body, count) => {
				const message = Buffer.concat([header, body]);
				message.writeUInt16BE(count, 6);
				message.writeUInt16BE(count >> 8, 8);
				expect(matchReply(message, query)).toBe("match");
				expect(["match", "other", "unreadable"]).toContain(matchReply(Buffer.from(body), query));
				try {
					for (const record of decodeSections(message, "example.org", query.plainLength).answers) expect(record.name).toBe(record.name.toLowerCase());
				} catch (error) {
					expect(error).toBeInstanceOf(MalformedMessage);
				}
			}),
			{ numRuns: 2000 },
		);
	});

	it("any record type with any data is decoded or malformed", () => {
		fc.assert(
			fc.property(fc.constantFrom(1, 2, 5, 6, 15, 16, 28, 43, 46, 47, 48, 50, 52, 99, 257, 64, 65535), fc.uint8Array({ maxLength: 80 }), (type, data) => {
				const fixed = Buffer.alloc(12);
				fixed.writeUInt16BE(0xc00c, 0);
				fixed.writeUInt16BE(type, 2);
				fixed.writeUInt16BE(1, 4);
				fixed.writeUInt16BE(data.length, 10);
				const message = Buffer.concat([packetOf(query, 1, false), fixed, data]);
				message[2] = 0x81;
				message.writeUInt16BE(1, 6);
				try {
					expect(decodeSections(message, "example.org", query.plainLength).answers).toHaveLength(1);
				} catch (error) {
					expect(error).toBeInstanceOf(MalformedMessage);
				}
			}),
			{ numRuns: 2000 },
		);
	});

	it("any name is asked for as it is, or not at all", () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 300 }).map((codes) => String.fromCharCode(...codes)),
					fc.string({ maxLength: 300 }),
					fc.domain(),
				),
				(name) => {
					const encoded = encodeQuery(name, "A", false);
					if (encoded === undefined) return;
					const message = packetOf(encoded, 1, false);
					message[2] = 0x81;
					const labels = name === "." ? [] : name.replace(/\.$/, "").split(".");
					expect(message.subarray(12, encoded.plainLength - 5).toString("latin1")).toBe(
						labels.map((label) => (label === "" ? "" : String.fromCharCode(label.length) + label)).join(""),
					);
					expect(decodeSections(message, name, encoded.plainLength).answers).toEqual([]);
				},
			),
		);
	});
});
