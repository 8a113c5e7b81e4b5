import { describe, expect, it } from "vitest";
import { defaultConfig } from "../../model/config.ts";
import { type Evidence, evidenceManifestSchemaId, listingId, type Target } from "../../model/evidence.ts";
import { resultDocumentSchema } from "../../model/result.ts";
import { conformancePacksOf } from "./conformance-packs.ts";
import { evaluate } from "./evaluate.ts";
import { createSupply } from "./selection.ts";
import { checkMetadata, hostOf, item, storeOf, unreadable } from "./testing/engine.ts";

const target: Target = { id: "123456789012/us-east-1", type: "account" };
const own = { source: { collector: "test", version: "1", call: "call", target: target.id } };
const arn = "arn:aws:s3:::mail";
const time = "2026-03-01T00:00:00Z";
const bucket = item("aws_s3_bucket", arn, { arn, on: true }, own);
const says = (rule: string, compliance: string, resource_arn?: string) =>
	item("aws.config_evaluation", `${rule}|AWS::S3::Bucket|mail`, { rule, compliance, resource_arn, recorded_at: time }, own);

const pack = (name: string, rule: string, compliance?: string) => item("aws.config_pack_rule", `${name}|${rule}`, { pack: name, rule, compliance }, own);

async function judged(items: Evidence[]) {
	const store = storeOf(items, [], [target]);
	const judgement = { entity: defaultConfig.entity, parameters: {}, accept: [], report: defaultConfig.report };
	const run = { tool: { name: "mailward" as const, version: "1" }, startedAt: time, endedAt: time, asOf: time, caller: null, vantage: {}, interrupted: false };
	const document = await evaluate({
		manifest: {
			...{ schema: evidenceManifestSchemaId, run, profile: "hipaa", configSha256: "c", judgement, targets: [target] },
			...{ notRequested: [], deniedCalls: [], files: [] },
		},
		judgement,
		store,
		checks: [checkMetadata({ evidence: ["aws_s3_bucket"] })],
		framework: { profile: "hipaa", title: "t", controls: [], families: [] } as never,
		supply: createSupply([{ target: "account", produces: ["aws_s3_bucket", "aws.config_evaluation"] }], []),
		host: hostOf((input) => {
			const all = (input.evidence.aws_s3_bucket ?? []) as { _id: string; on?: unknown }[];
			return {
				resources: all.map((one) => one._id),
				deny: all.filter((one) => one.on !== true).map((one) => ({ resource: one._id, path: "on", message: "off" })),
			};
		}),
		policySha256: "p",
		accountWideKinds: new Set(),
		asOf: new Date(time),
		include: [],
		skip: [],
		accept: [],
	});
	return resultDocumentSchema.parse(document);
}

describe("what AWS Config says of a resource", () => {
	it("stands beside the verdict with its evidence, and turns none", async () => {
		const { results, evidence } = await judged([bucket, says("public-read", "NON_COMPLIANT", arn), says("encrypted", "COMPLIANT", arn)]);
		expect(results[0]?.status).toBe("pass");
		expect(results[0]?.configRules?.map(({ rule, compliance }) => [rule, compliance])).toEqual([
			["encrypted", "COMPLIANT"],
			["public-read", "NON_COMPLIANT"],
		]);
		for (const one of results[0]?.configRules ?? []) expect(evidence.map((ref) => ref.sha256)).toContain(one.evidence);
		const off = await judged([{ ...bucket, values: { arn, on: false } }, says("encrypted", "COMPLIANT", arn)]);
		expect(off.results[0]?.status).toBe("fail");
		expect(off.results[0]?.configRules).toHaveLength(1);
	});

	it("names the conformance packs that a rule belongs to", async () => {
		const packs = [pack("hipaa", "encrypted", "COMPLIANT"), pack("baseline", "encrypted", "COMPLIANT"), pack("baseline", "other", "NON_COMPLIANT")];
		const { results } = await judged([bucket, says("encrypted", "COMPLIANT", arn), says("single", "COMPLIANT", arn), ...packs]);
		expect(results[0]?.configRules?.map(({ rule, packs }) => [rule, packs])).toEqual([
			["encrypted", ["baseline", "hipaa"]],
			["single", undefined],
		]);
	});

	it("is left out where it speaks of another resource, of one without an ARN, or could not be read", async () => {
		const other = says("other", "COMPLIANT", "arn:aws:s3:::else");
		const { results } = await judged([bucket, other, says("nameless", "COMPLIANT"), { ...unreadable("aws.config_evaluation", "broken"), ...own }]);
		expect(results[0]).not.toHaveProperty("configRules");
		expect(results[0]?.status).toBe("pass");
	});
});

describe("conformance packs", () => {
	const rules = [pack("hipaa", "a", "COMPLIANT"), pack("hipaa", "b", "NON_COMPLIANT"), pack("hipaa", "c", "INSUFFICIENT_DATA"), pack("hipaa", "d")];

	it("are counted by their rules, each account and Region by itself", () => {
		expect(conformancePacksOf(storeOf([pack("baseline", "a", "COMPLIANT"), ...rules], [], [target]), [target])).toEqual({
			packs: [
				{ target: target.id, pack: "baseline", compliant: 1, nonCompliant: 0, undecided: 0 },
				{ target: target.id, pack: "hipaa", compliant: 1, nonCompliant: 1, undecided: 2 },
			],
			unread: [],
		});
	});

	it("are told from those that could not be read, in whole or in part", () => {
		const broken = { ...unreadable("aws.config_pack_rule", "baseline"), ...own };
		expect(conformancePacksOf(storeOf([...rules, broken], [], [target]), [target])).toMatchObject({ packs: [{ pack: "hipaa" }], unread: [target.id] });
		const error = { code: "permission_denied" as const, message: "made by a test" };
		const values = { kind: "aws.config_pack_rule", target: target.id, count: 0, complete: false };
		const denied = storeOf([item("listing", listingId("aws.config_pack_rule", target.id), values, { ...own, status: "error", error })], [], [target]);
		expect(conformancePacksOf(denied, [target])).toEqual({ packs: [], unread: [target.id] });
	});

	it("are not spoken of where no account was asked", () => {
		expect(conformancePacksOf(storeOf([], [], [target]), [target])).toBeUndefined();
		expect(conformancePacksOf(storeOf(rules, [], [target]), [{ ...target, type: "plan" }])).toBeUndefined();
	});
});
