import { describe, expect, it } from "vitest";
import { headerFacts } from "./header-facts.ts";

const fields = (lines: readonly [string, string][]) => lines.map(([name, value]) => ({ name: name.toLowerCase(), raw: `${name}: ${value}` }));
const receiver: [string, string] = ["Authentication-Results", "mx.google.com; spf=pass smtp.mailfrom=clinic.example"];

describe("hosts in the header", () => {
	it("are those of the sending side: the receiver's own lines are passed over but for whom they had it from", () => {
		const { received } = headerFacts(
			fields([
				["Received", "by 2002:a05:6a10:0:0:0:0 with SMTP id x; Mon, 2 Nov 2026 15:00:02 +0000"],
				receiver,
				["Received", "from rs101.luxsci.com (rs101.luxsci.com [198.51.100.7]) by mx.google.com with ESMTPS id y; Mon, 2 Nov 2026 15:00:01 +0000"],
				["Received", "from app.luxsci.net (localhost [127.0.0.1])\r\n\tby rs101.luxsci.com (8.14) with ESMTP; Mon, 2 Nov 2026 15:00:00 +0000"],
				["Received", "from janes-iphone.local ([10.0.0.7]) by app.luxsci.net; Mon, 2 Nov 2026 14:59:59 +0000"],
			]),
		);
		expect(received).toEqual(["rs101.luxsci.com", "app.luxsci.net"]);
	});

	it("are all of them where nobody says who received it", () => {
		const { received } = headerFacts(fields([["Received", "from a.example.net by mail-1.google.com with ESMTPS; Mon, 2 Nov 2026 15:00:01 +0000"]]));
		expect(received).toEqual(["a.example.net", "mail-1.google.com"]);
	});

	it("of List-Unsubscribe are the host of the page and the domain of the mailbox, without what identifies a person", () => {
		const value =
			"<https://clinic.us1.list-manage.com/unsubscribe?u=abc&id=jane>, <mailto:unsub-jane@mailin.example.net?subject=x>, <tel:+15551234567>, <https://[::1]/x>";
		expect(headerFacts(fields([["List-Unsubscribe", value]])).unsubscribe).toEqual(["clinic.us1.list-manage.com", "mailin.example.net"]);
	});

	it("are bounded, whatever stands there", () => {
		const many = Array.from({ length: 500 }, (_, index): [string, string] => ["Received", `from h${index}.example.net by h${index}.example.org; x`]);
		expect(headerFacts(fields(many)).received).toHaveLength(20);
		expect(headerFacts(fields([["Received", `from ${"(".repeat(500_000)}`]])).received).toEqual([]);
		expect(headerFacts(fields([["List-Unsubscribe", "<".repeat(1_000_000)]])).unsubscribe).toEqual([]);
	});
});
