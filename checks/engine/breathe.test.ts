import { describe, expect, it } from "vitest";
import { breather } from "./breathe.ts";

describe("long work", () => {
	it("lets what waits have its turn once it has been busy, and not before", async () => {
		const breathe = breather();
		let ran = false;
		setImmediate(() => {
			ran = true;
		});
		await breathe();
		expect(ran).toBe(false);
		for (const end = performance.now() + 60; performance.now() < end; );
		await breathe();
		expect(ran).toBe(true);
	});
});
