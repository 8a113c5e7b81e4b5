import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import type { DerivationView, DerivedItem } from "../derivation.ts";
import derivation from "./index.ts";

const target = "111122223333/us-east-1";

function seen(kind: string, id: string, values: unknown): Evidence {
	return { kind, id, status: "ok", values, source: { collector: "case", version: "1", call: "case", target }, collectedAt: "2026-11-24T09:00:00Z" };
}

async function told(...items: Evidence[]): Promise<DerivedItem[]> {
	const view: Partial<DerivationView> = {
		target,
		items: (kind) => items.filter((item) => item.kind === kind),
		item: (kind, id) => items.find((item) => item.kind === kind && item.id === id),
	};
	return derivation.derive(view as DerivationView);
}

const record = (values: Record<string, unknown>) => seen("aws_route53_record", "r", { name: "mta-sts.clinic.example", type: "A", ...values });
const alias = record({ alias: { name: "d111.cloudfront.net" } });

describe("record-targets of an account", () => {
	it("finds a record whose distribution is gone", async () => {
		expect((await told(alias))[0]?.values).toMatchObject({ target: "d111.cloudfront.net", held: false });
		expect((await told(alias, seen("aws_cloudfront_distribution", "d", { domain_name: "d111.cloudfront.net" })))[0]?.values).toMatchObject({ held: true });
	});

	it("finds a website whose bucket is gone", async () => {
		const site = record({ type: "CNAME", records: ["mta-sts.clinic.example.s3-website-us-east-1.amazonaws.com."] });
		expect((await told(site))[0]?.values).toMatchObject({ held: false });
		expect((await told(site, seen("aws_s3_bucket", "b", { bucket: "mta-sts.clinic.example" })))[0]?.values).toMatchObject({ held: true });
	});

	it("says nothing while a distribution could not be read, and of other targets", async () => {
		const hidden: Evidence = {
			...seen("aws_cloudfront_distribution", "d", undefined),
			status: "error",
			error: { code: "permission_denied", message: "denied" },
		};
		expect((await told(alias, hidden))[0]?.gaps).toMatchObject({ held: { code: "permission_denied" } });
		expect(await told(record({ type: "CNAME", records: ["elsewhere.example"] }))).toEqual([]);
	});
});
