import { describe, expect, it } from "vitest";
import type { Evidence, EvidenceError } from "../../../model/evidence.ts";
import type { DerivationView, DerivedItem } from "../derivation.ts";
import derivation from "./index.ts";

const target = "111122223333/us-east-1";

function seen(kind: string, id: string, values: unknown): Evidence {
	return { kind, id, status: "ok", values, source: { collector: "case", version: "1", call: "case", target }, collectedAt: "2026-11-24T09:00:00Z" };
}

const identity = seen("aws_sesv2_email_identity", "arn", { email_identity: "clinic.example" });
const live = (values: Record<string, unknown>) =>
	seen("aws.ses_identity", "clinic.example", { sending_enabled: true, dkim_signing_enabled: true, dkim_status: "SUCCESS", ...values });

async function told(items: Evidence[], fault?: EvidenceError): Promise<DerivedItem[]> {
	const view: Partial<DerivationView> = { target, items: (kind) => items.filter((item) => item.kind === kind), listingError: () => fault };
	return derivation.derive(view as DerivationView);
}

describe("identity-dkim of an account", () => {
	it("goes by what SES found of the keys", async () => {
		expect((await told([identity, live({})]))[0]?.values).toMatchObject({ signs: true });
		for (const dkim_status of ["PENDING", "FAILED", "NOT_STARTED"])
			expect((await told([identity, live({ dkim_status })]))[0]?.values).toMatchObject({ signs: false });
		expect((await told([identity, live({ dkim_signing_enabled: false })]))[0]?.values).toMatchObject({ signs: false });
	});

	it("leaves open what SES could not look up, and what was denied", async () => {
		expect((await told([identity, live({ dkim_status: "TEMPORARY_FAILURE" })]))[0]?.gaps).toMatchObject({ signs: { code: "upstream_error" } });
		const denied: EvidenceError = { code: "permission_denied", message: "denied" };
		expect((await told([identity], denied))[0]?.gaps).toMatchObject({ signs: { code: "permission_denied" } });
	});

	it("leaves out what may not send, and takes an address by its domain", async () => {
		expect(await told([identity, live({ sending_enabled: false })])).toEqual([]);
		const address = seen("aws_sesv2_email_identity", "arn2", { email_identity: "info@clinic.example" });
		expect((await told([identity, address, live({})]))[1]?.values).toMatchObject({ identity: "info@clinic.example", signs: true });
	});
});
