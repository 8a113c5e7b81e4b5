import { describe, expect, it } from "vitest";
import { type Attestation, covers, type Decidable, type Decisions, decide, isLive, newest, type Waiver } from "./dispositions.ts";

const result: Decidable = {
	fingerprint: "f1",
	check: "logs.retention",
	aliases: ["logs.kept"],
	controls: ["TEC-20"],
	resource: "aws_cloudwatch_log_group.a",
	status: "fail",
	reason: null,
};
const gap: Decidable = { ...result, status: "not_assessed", reason: { kind: "manual", code: "manual", detail: null } };
const waiver = (over: Partial<Waiver> = {}): Waiver => ({
	id: "w1",
	scope: { checks: ["logs.retention"] },
	approvedOn: "2026-01-01",
	expiresOn: "2026-06-30",
	checkIds: [],
	...over,
});
const attestation = (over: Partial<Attestation> = {}): Attestation => ({
	id: "t1",
	controls: ["TEC-20"],
	outcome: "met",
	performedOn: "2026-01-01",
	validUntil: "2026-06-30",
	...over,
});
const decisions = (over: Partial<Decisions> = {}): Decisions => ({
	waivers: [],
	attestations: [],
	today: "2026-03-01",
	attestable: new Set(["TEC-20"]),
	failing: new Set(),
	...over,
});
const dispositionOf = (one: Decidable, over: Partial<Decisions>) => decide(one, decisions(over)).disposition;

describe("a waiver that a stack names", () => {
	const named = { ...result, namedWaiver: "w2" };
	const inStack = waiver({ id: "w2", scope: { checks: ["logs.retention"], namedInStack: true } });

	it("covers what names it alone, where its scope says so", () => {
		expect(decide(named, decisions({ waivers: [inStack] }))).toMatchObject({ disposition: "waived", waiver: "w2" });
		expect(decide(result, decisions({ waivers: [inStack] }))).toMatchObject({ disposition: "none" });
		expect(decide({ ...named, namedWaiver: "w1" }, decisions({ waivers: [inStack] }))).toMatchObject({ disposition: "none" });
	});

	it("comes before others that cover the same, and after it has ended another may", () => {
		expect(decide(named, decisions({ waivers: [waiver(), inStack] }))).toMatchObject({ disposition: "waived", waiver: "w2" });
		const over = { ...inStack, expiresOn: "2026-02-01" };
		expect(decide(named, decisions({ waivers: [over] }))).toMatchObject({ disposition: "waiver_expired", waiver: "w2" });
		expect(decide(named, decisions({ waivers: [over, waiver()] }))).toMatchObject({ disposition: "waived", waiver: "w1" });
	});

	it("covers no other check for being named", () => {
		expect(decide({ ...named, check: "keys.rotation_enabled", aliases: [] }, decisions({ waivers: [inStack] }))).toMatchObject({ disposition: "none" });
	});
});

describe("a waiver", () => {
	it("covers a fail from the day of its approval to its last day, both included", () => {
		expect(decide(result, decisions({ waivers: [waiver()] }))).toEqual({ disposition: "waived", waiver: "w1", attestation: null, outcome: null });
		const on = (today: string) => dispositionOf(result, { waivers: [waiver()], today });
		expect([on("2025-12-31"), on("2026-01-01"), on("2026-06-30"), on("2026-07-01")]).toEqual(["none", "waived", "waived", "waiver_expired"]);
	});

	it("holds 366 days at most, whatever it says", () => {
		const on = (today: string) => dispositionOf(result, { waivers: [waiver({ expiresOn: "2030-01-01" })], today });
		expect([on("2027-01-02"), on("2027-01-03")]).toEqual(["waived", "waiver_expired"]);
	});

	it("is void while a check of its alternative measure fails", () => {
		const waivers = [waiver({ checkIds: ["storage.locked"] })];
		expect(dispositionOf(result, { waivers, failing: new Set(["storage.locked"]) })).toBe("waiver_void");
		expect(dispositionOf(result, { waivers, failing: new Set(["storage.other"]) })).toBe("waived");
	});

	it("that is live wins over one that is void or expired, in either order", () => {
		const ended = [waiver({ id: "old", expiresOn: "2026-02-01" }), waiver({ id: "void", checkIds: ["x"] })];
		for (const waivers of [
			[...ended, waiver()],
			[waiver(), ...ended],
		])
			expect(decide(result, decisions({ waivers, failing: new Set(["x"]) }))).toMatchObject({ disposition: "waived", waiver: "w1" });
	});

	it("changes no other status", () => {
		for (const status of ["pass", "not_applicable", "not_assessed"] as const)
			expect(dispositionOf({ ...result, status }, { waivers: [waiver()] })).toBe("none");
	});

	it.each([
		[{ checks: ["logs.retention"] }, true],
		[{ checks: ["logs.kept"] }, true],
		[{ checks: ["logs.encrypted"] }, false],
		[{ findings: ["f1"] }, true],
		[{ findings: ["f2"] }, false],
		[{ findings: ["f2"], checks: ["logs.retention"] }, false],
		[{ controls: ["TEC-20"] }, false],
		[{ resources: ["*"] }, false],
		[{}, false],
		[{ checks: [], findings: [] }, false],
		[{ checks: ["logs.retention"], controls: ["TEC-21"] }, false],
		[{ checks: ["logs.retention"], resources: ["aws_cloudwatch_log_group.*"] }, true],
		[{ checks: ["logs.retention"], resources: ["aws_cloudwatch_log_group.b"] }, false],
		[{ checks: ["logs.retention"], resources: ["*_log_group.a"] }, false],
	])("of scope %j covers the result: %s", (scope, isCovered) => expect(covers(waiver({ scope }), result)).toBe(isCovered));
});

describe("an attestation", () => {
	it("settles a gap while it holds, with its outcome", () => {
		expect(decide(gap, decisions({ attestations: [attestation({ outcome: "not_met" })] }))).toEqual({
			disposition: "attested",
			waiver: null,
			attestation: "t1",
			outcome: "not_met",
		});
		const on = (today: string) => decide(gap, decisions({ attestations: [attestation()], today }));
		expect([on("2025-12-31"), on("2026-06-30"), on("2026-07-01")].map((one) => one.disposition)).toEqual(["none", "attested", "attestation_expired"]);
		expect(on("2026-07-01").outcome).toBeNull();
	});

	it("holds 365 days at most", () => {
		const long = attestation({ validUntil: "2030-01-01" });
		expect([isLive(long, "2027-01-01"), isLive(long, "2027-01-02")]).toEqual([true, false]);
	});

	it("speaks only of controls that a person may prove", () => {
		expect(dispositionOf(gap, { attestations: [attestation()], attestable: new Set() })).toBe("none");
		expect(dispositionOf(gap, { attestations: [attestation({ controls: ["TEC-21"] })] })).toBe("none");
	});

	it("that claims what a check refutes is a conflict; a waiver speaks first", () => {
		const attestations = [attestation()];
		expect(decide(result, decisions({ attestations }))).toMatchObject({ disposition: "attestation_conflict", attestation: "t1" });
		expect(dispositionOf(result, { attestations: [attestation({ outcome: "not_met" })] })).toBe("none");
		expect(dispositionOf(result, { attestations, today: "2026-07-01" })).toBe("none");
		expect(dispositionOf(result, { attestations, waivers: [waiver()] })).toBe("waived");
		expect(dispositionOf(result, { attestations, waivers: [waiver({ expiresOn: "2026-02-01" })] })).toBe("waiver_expired");
	});

	it("that was performed last counts, the earlier in the list of two on one day", () => {
		const list = [attestation({ id: "a" }), attestation({ id: "b", performedOn: "2026-02-01" }), attestation({ id: "c", performedOn: "2026-02-01" })];
		expect(newest(list)?.id).toBe("b");
		expect(newest([])).toBeUndefined();
		expect(decide(gap, decisions({ attestations: [attestation({ id: "later", performedOn: "2026-04-01" }), attestation()] })).attestation).toBe("t1");
	});
});
