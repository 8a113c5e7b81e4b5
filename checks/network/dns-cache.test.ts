import { expect, it } from "vitest";
import { readHop } from "./dns-cache.ts";

it("a hop keeps a DNAME above the name with the signature over it (RFC 6672 5.3.1)", () => {
	const record = (name: string, type: string, data: unknown) => ({ name, type, ttl: 300, data });
	const answers = [
		record("moved.example.org", "DNAME", "example.net"),
		record("moved.example.org", "RRSIG", { typeCovered: "DNAME" }),
		record("www.moved.example.org", "CNAME", "www.example.net"),
		record("www.example.net", "A", "192.0.2.1"),
		record("www.example.net", "RRSIG", { typeCovered: "A" }),
	];
	const foreign = [
		record("example.org", "RRSIG", { typeCovered: "MX" }),
		record("other.example", "DNAME", "example.net"),
		record("other.example", "A", "192.0.2.2"),
	];
	const hop = readHop("www.moved.example.org", "A", { status: "ok", rcode: "NOERROR", answers: [...answers, ...foreign] });
	expect(hop.answer.answers).toEqual(answers);
});
