import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import type { DerivationView, DerivedItem } from "../derivation.ts";
import derivation from "./index.ts";

const target = "111122223333/us-east-1";
const arnOf = (id: string, account = "111122223333", region = "us-east-1") => `arn:aws:kms:${region}:${account}:key/${id}`;

function seen(kind: string, id: string, values: unknown): Evidence {
	return { kind, id, status: "ok", values, source: { collector: "case", version: "1", call: "case", target }, collectedAt: "2026-11-24T09:00:00Z" };
}

const topic = (key: string) => seen("aws_sns_topic", "t", { name: "t", kms_master_key_id: key });
const listed = seen("aws_kms_key", arnOf("own"), { arn: arnOf("own"), id: "own", key_id: "own", is_enabled: true });

async function told(...items: Evidence[]): Promise<DerivedItem | undefined> {
	const view: Partial<DerivationView> = { target, items: (kind) => items.filter((item) => item.kind === kind), listingError: () => undefined };
	return (await derivation.derive(view as DerivationView))[0];
}

describe("key-use of an account", () => {
	it("knows a key of the account by ARN and by id", async () => {
		for (const name of [arnOf("own"), "own"]) expect((await told(topic(name), listed))?.values).toMatchObject({ customer: true, enabled: true });
	});

	it("takes a key that the account does not list as its own for AWS's", async () => {
		expect((await told(topic(arnOf("aws")), listed))?.values).toMatchObject({ customer: false });
	});

	it.each([
		["another account", arnOf("far", "444455556666")],
		["another Region", arnOf("far", "111122223333", "us-west-2")],
		["an alias that is not listed", "alias/mail"],
	])("leaves a key of %s open", async (_name, key) => {
		expect((await told(topic(key), listed))?.gaps).toMatchObject({ customer: { code: "not_collected" }, enabled: { code: "not_collected" } });
	});

	it("says nothing of AWS's keys while a key could not be described", async () => {
		const denied: Evidence = { ...listed, id: arnOf("hidden"), status: "error", values: undefined, error: { code: "permission_denied", message: "denied" } };
		expect((await told(topic(arnOf("aws")), denied))?.gaps).toMatchObject({ customer: { code: "permission_denied" } });
	});

	it("tells a key that waits for its deletion", async () => {
		const waiting = seen("aws_kms_key", arnOf("own"), { arn: arnOf("own"), is_enabled: false, deletion_window_in_days: 30 });
		expect((await told(topic(arnOf("own")), waiting))?.values).toMatchObject({ customer: true, enabled: false });
	});
});
