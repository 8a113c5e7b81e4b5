import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: [
			"model/**/*.test.ts",
			"checks/**/*.test.ts",
			"constructs/**/*.test.ts",
			"reports/**/*.test.ts",
			"pipeline/**/*.test.ts",
			"cli/**/*.test.ts",
			"lab/**/*.test.ts",
			"scripts/**/*.test.ts",
			"test/**/*.test.ts",
		],
		globalSetup: "test/support/temporary-folder.ts",
		testTimeout: 60_000,
		hookTimeout: 60_000,
	},
});
