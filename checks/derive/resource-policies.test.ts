import { describe, expect, it } from "vitest";
import type { Evidence, EvidenceError } from "../../model/evidence.ts";
import bucketPolicies from "./bucket-policies/index.ts";
import type { DerivationView, DerivedItem } from "./derivation.ts";
import sesIdentityPolicies from "./ses-identity-policies/index.ts";

const policy = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const everyone = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" };
const denied: EvidenceError = { code: "permission_denied", detail: "s3:GetBucketPolicy", message: "denied" };

function item(kind: string, id: string, values: object, rest: Partial<Evidence> = {}): Evidence {
	return {
		kind,
		id,
		status: "ok",
		values,
		source: { collector: "case", version: "1", call: "case", target: "111122223333" },
		collectedAt: "2026-11-24T00:00:00Z",
		...rest,
	};
}

function viewOf(items: readonly Evidence[], target = "111122223333/us-east-1"): DerivationView {
	return {
		target,
		asOf: new Date("2026-11-24T00:00:00Z"),
		today: "2026-11-24",
		items: (kind) => items.filter((one) => one.kind === kind),
		item: (kind, id) => items.find((one) => one.kind === kind && one.id === id),
		supplied: () => true,
		others: () => [],
		remember: (_key, make) => make(),
		listingError: () => undefined,
	};
}

async function derived(items: readonly Evidence[], derivation = bucketPolicies): Promise<DerivedItem[]> {
	return derivation.derive(viewOf(items));
}

describe("policies of a live account", () => {
	const bucket = item("aws_s3_bucket", "mail", { bucket: "mail", arn: "arn:aws:s3:::mail" });

	it("belong to the resource whose name they are filed under", async () => {
		const [one, ...others] = await derived([bucket, item("aws_s3_bucket_policy", "mail", { bucket: "mail", policy: policy(everyone) })]);
		expect(others).toEqual([]);
		expect(one).toMatchObject({ id: "mail", values: { policies: ["mail"], public: { certain: [{ statement: "Statement[0]" }] }, refusesClearText: false } });
		expect(one?.basis.map(({ kind }) => kind)).toEqual(["aws_s3_bucket", "aws_s3_bucket_policy"]);
	});

	it("that are absent are none, and those that could not be read leave every answer open", async () => {
		const [none] = await derived([bucket, item("aws_s3_bucket_policy", "mail", {}, { status: "absent" })]);
		expect(none).toMatchObject({ values: { written: false, public: { certain: [], undecided: [] } } });
		expect(none?.gaps).toBeUndefined();
		const found = await derived([bucket, item("aws_s3_bucket_policy", "mail", {}, { status: "error", error: denied })]);
		expect(found).toHaveLength(1);
		expect(found[0]?.gaps).toMatchObject({ public: { code: "permission_denied" }, refusesClearText: { code: "permission_denied" } });
		expect(found[0]?.values).not.toHaveProperty("public");
	});

	it("that are no policies are an error of the item, and never a policy that admits nobody", async () => {
		const [one] = await derived([bucket, item("aws_s3_bucket_policy", "mail", { bucket: "mail", policy: '{"Statement":[{"Effect":"Permit"}]}' })]);
		expect(one).toMatchObject({ id: "mail", error: { code: "malformed" } });
		expect(one?.values).toBeUndefined();
	});

	it("that name another account are told from those of the own one, by the target", async () => {
		const identity = item("aws_sesv2_email_identity", "clinic.example", { email_identity: "clinic.example" });
		const admit = (account: string): Evidence =>
			item("aws_sesv2_email_identity_policy", `clinic.example|${account}`, {
				email_identity: "clinic.example",
				policy: policy({ Effect: "Allow", Principal: { AWS: account }, Action: "ses:SendEmail", Resource: "*" }),
			});
		const [one] = await derived([identity, admit("111122223333"), admit("999988887777")], sesIdentityPolicies);
		expect(one?.values).toMatchObject({ outsiders: { certain: [{ account: "999988887777" }], undecided: [], unplaced: [] } });
		const plan = await sesIdentityPolicies.derive(viewOf([identity, admit("999988887777")], "cdk.tf.json"));
		expect(plan[0]).toMatchObject({
			values: { outsiders: { certain: [], unplaced: [{ account: "999988887777" }] } },
			gaps: { "outsiders.unplaced": { code: "unknown_until_apply" } },
		});
	});
});
