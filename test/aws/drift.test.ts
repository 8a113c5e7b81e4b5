import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResultItem } from "../../model/result.ts";
import { removeTemporaryFolders, temporaryFolder } from "../smoke/support.ts";
import { type Emulator, emulatorPresent, startEmulator } from "../support/aws-emulator.ts";
import { scanAccount } from "./scan-account.ts";
import { seedGood } from "./seed.ts";

/** A stack that is not quite what the account holds. */
const stack = {
	resource: {
		aws_sesv2_configuration_set: {
			mail: {
				configuration_set_name: "mail",
				delivery_options: { tls_policy: "REQUIRE" },
				reputation_options: { reputation_metrics_enabled: false },
				suppression_options: { suppressed_reasons: ["COMPLAINT", "BOUNCE"] },
			},
		},
		aws_cloudwatch_log_group: { stream: { name: "/mail/firehose", retention_in_days: 2557 } },
		aws_sns_topic: { alarms: { name: "mail-alarms" }, gone: { name: "mail-gone" } },
	},
};

describe.skipIf(!emulatorPresent)("a plan beside its account", () => {
	let emulator: Emulator;
	let results: ResultItem[];
	beforeAll(async () => {
		emulator = await startEmulator();
		await seedGood();
		const file = join(temporaryFolder(), "cdk.tf.json");
		writeFileSync(file, JSON.stringify(stack));
		({ results } = (await scanAccount(["us-east-1"], { plans: [file] })).result);
	}, 60_000);
	afterAll(() => {
		emulator?.stop();
		removeTemporaryFolders();
	});
	const said = (check: string) =>
		results.filter((one) => one.check === check && one.status !== "pass").map(({ status, resource, message }) => [status, resource.split(" ").at(-1), message]);

	it("names what is missing", () => {
		expect(said("drift.resources_present")).toEqual([["fail", "aws_sns_topic.gone", "the account has no aws_sns_topic mail-gone"]]);
	});

	it("names each attribute that is otherwise, with both values", () => {
		expect(said("drift.attributes_as_planned").map(([, , message]) => message)).toEqual([
			"retention_in_days is 2192, and planned as 2557",
			"reputation_options.reputation_metrics_enabled is true, and planned as false",
		]);
	});

	it("names what sends mail and no plan declares", () => {
		const undeclared = said("drift.mail_declared");
		expect(undeclared).toContainEqual(["fail", "clinic.example", "no plan declares the aws_sesv2_email_identity clinic.example"]);
		expect(undeclared).not.toContainEqual(expect.arrayContaining(["mail"]));
	});
});
