import { describe, expect, it } from "vitest";
import { isAbsent, recordsOf, txtStrings } from "../resolver.ts";
import { zoneResolver } from "./zone-resolver.ts";

const resolver = zoneResolver({
	"Example.org.": { TXT: ["v=spf1 -all", ["a", "b"]], MX: [[10, "mx.example.org"]], A: "192.0.2.1", AAAA: "TIMEOUT" },
	"deep.child.example.org": { A: ["192.0.2.2"] },
	"alias.example.org": { CNAME: "www.example.net" },
	"www.example.net": { A: ["192.0.2.3"] },
	"dangling.example.org": { CNAME: ["gone.example"] },
	"sick.example.org": { CNAME: ["bad.example"] },
	"one.loop.example": { CNAME: "two.loop.example" },
	"two.loop.example": { CNAME: "one.loop.example" },
	"*.wild.example": { TXT: ["any"] },
	"present.wild.example": { A: ["192.0.2.4"] },
	"bad.example": "SERVFAIL",
	"gone.example": "NXDOMAIN",
});

describe("zoneResolver", () => {
	it("answers listed names whatever the case and keeps TXT strings apart", async () => {
		const answer = await resolver.resolve("EXAMPLE.org", "TXT");
		expect(txtStrings(answer)).toEqual(["v=spf1 -all", "ab"]);
		expect(recordsOf(answer, "TXT").map((record) => (record.data as Buffer[]).length)).toEqual([1, 2]);
		expect((await resolver.resolve("example.org", "MX")).answers[0]?.data).toEqual({ preference: 10, exchange: "mx.example.org" });
	});
	it("tells NODATA, NXDOMAIN and faults apart", async () => {
		expect(await resolver.resolve("example.org", "CAA")).toMatchObject({ status: "ok", rcode: "NOERROR", answers: [] });
		expect(await resolver.resolve("child.example.org", "A")).toMatchObject({ status: "ok", rcode: "NOERROR", answers: [] });
		expect(await resolver.resolve("nope.example.org", "A")).toMatchObject({ status: "ok", rcode: "NXDOMAIN", answers: [] });
		expect(await resolver.resolve("gone.example", "A")).toMatchObject({ status: "ok", rcode: "NXDOMAIN" });
		expect(await resolver.resolve("example.org", "AAAA")).toEqual({ status: "error", code: "timeout", answers: [] });
		expect(await resolver.resolve("bad.example", "A")).toMatchObject({ status: "error", rcode: "SERVFAIL", code: "servfail" });
	});
	it("follows CNAMEs, reports loops, and faults at the target", async () => {
		expect((await resolver.resolve("alias.example.org", "A")).answers.map((record) => record.type)).toEqual(["CNAME", "A"]);
		expect(await resolver.resolve("dangling.example.org", "A")).toMatchObject({ rcode: "NXDOMAIN", answers: [{ type: "CNAME" }] });
		expect(await resolver.resolve("sick.example.org", "A")).toMatchObject({ status: "error", code: "servfail" });
		const loop = await resolver.resolve("one.loop.example", "A");
		expect(loop).toMatchObject({ status: "ok", cnameLoop: true });
		expect(isAbsent(loop, "A")).toBe(false);
	});
	it("synthesizes from wildcards only where no name exists", async () => {
		expect(txtStrings(await resolver.resolve("a.b.wild.example", "TXT"))).toEqual(["any"]);
		expect(txtStrings(await resolver.resolve("present.wild.example", "TXT"))).toEqual([]);
	});
	it("records the questions and honours an aborted signal", async () => {
		const own = zoneResolver({});
		await own.resolve("a.example", "TXT");
		expect(await own.resolve("b.example", "MX", AbortSignal.abort())).toMatchObject({ status: "error", code: "interrupted" });
		expect(own.asked).toEqual(["TXT a.example", "MX b.example"]);
	});
});
