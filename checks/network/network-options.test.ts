import { describe, expect, it } from "vitest";
import type { NetworkInput } from "../../model/config.ts";
import { InputError, type Problem } from "../../model/source.ts";
import { createConnector } from "./create-connector.ts";
import { createResolver, type ResolverOptions } from "./create-resolver.ts";

function problems(make: () => unknown): readonly Problem[] {
	try {
		make();
	} catch (error) {
		if (error instanceof InputError) return error.problems;
		throw error;
	}
	throw new Error("nothing was refused");
}

describe("settings that a caller got wrong", () => {
	const wrong: [input: unknown, field: string, message: RegExp][] = [
		[{ timeoutMs: { dns: "3s" } }, "network.timeoutMs.dns", /expected a number/],
		[{ timeoutMs: { dns: 0 } }, "network.timeoutMs.dns", />=1/],
		[{ ports: { smtp: 70000 } }, "network.ports.smtp", /<=65535/],
		[{ resolver: ["192.0.2.53"] }, "network.resolver", /unknown field; did you mean resolvers/],
		[{ resolvers: ["dns.example.org"] }, "network.resolvers[0]", /ip or ip:port/],
		[{ dkimGuesses: -1 }, "network.dkimGuesses", />=0/],
		[null, "network", /expected a map/],
		[undefined, "network", /expected a map/],
		["192.0.2.53", "network", /expected a map/],
	];
	for (const [input, field, message] of wrong) {
		it(`are named with what is expected: ${JSON.stringify(input)}`, () => {
			for (const make of [createResolver, createConnector])
				expect(problems(() => make(input as NetworkInput))).toMatchObject([{ field, message: expect.stringMatching(message) }]);
		});
	}

	it("are told all at once", () => {
		const fields = problems(() => createResolver({ connectOnly: "no", retryWaitMs: -1 } as unknown as NetworkInput)).map(({ field }) => field);
		expect(fields.sort()).toEqual(["network.connectOnly", "network.retryWaitMs"]);
	});
});

describe("options that a caller got wrong", () => {
	it("are named: no question would ever be sent with room for none", () => {
		for (const maxInFlight of [0, -1, 1.5, Number.NaN])
			expect(problems(() => createResolver({}, { maxInFlight }))).toMatchObject([{ field: "maxInFlight", message: expect.stringContaining("from 1 on") }]);
		expect(problems(() => createResolver({}, { now: 5 } as unknown as ResolverOptions))).toMatchObject([{ field: "now" }]);
		expect(problems(() => createResolver({}, { signal: {} } as unknown as ResolverOptions))).toMatchObject([{ field: "signal" }]);
		expect(problems(() => createConnector({}, "pem" as unknown as string[]))).toMatchObject([{ field: "extraRoots" }]);
	});
});
