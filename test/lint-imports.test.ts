import { describe, expect, it } from "vitest";
import { lintImports } from "../scripts/lint-imports.ts";

const messages = (file: string, text: string): string[] => lintImports(file, text).map((one) => `${one.line}: ${one.message}`);

describe("the import rule", () => {
	it.each([
		["model/a.ts", 'import { z } from "zod";\nimport { b } from "./b.ts";'],
		["checks/derive/a/index.ts", 'import type { Evidence } from "../../../model/evidence.ts";\nimport { x } from "../../protocols/x/index.ts";'],
		["pipeline/a.ts", 'import { startLab } from "../lab/index.ts";\nimport { evaluate } from "../checks/engine/evaluate.ts";'],
		["cli/commands/a.ts", 'import { scan } from "../../pipeline/scan.ts";\nimport type { Config } from "../../model/config.ts";'],
		["constructs/a/index.ts", 'import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";'],
		["reports/html/a.ts", 'const file = new URL("../../dist/theme.css", import.meta.url);'],
	])("admits what %s may import", (file, text) => expect(messages(file, text)).toEqual([]));

	it.each([
		["model/a.ts", 'import { x } from "../checks/engine/x.ts";', /^1: imports .*; model may import nothing of ours and itself, not checks$/],
		["lab/a.ts", 'import type { X } from "../model/evidence.ts";', /lab may import nothing of ours/],
		["checks/a.ts", 'import { x } from "../pipeline/x.ts";', /checks may import model and itself, not pipeline/],
		["constructs/a/index.ts", 'export { x } from "../../checks/x.ts";', /constructs may import model/],
		["reports/a.ts", '\n\nimport { x } from "../checks/x.ts";', /^3: /],
		["cli/a.ts", 'const x = await import("../checks/x.ts");', /cli may import pipeline, model/],
		["cli/a.ts", 'import "../lab/index.ts";', /not lab/],
		["pipeline/a.ts", 'new Worker(new URL("../cli/worker.ts", import.meta.url));', /not cli/],
		["pipeline/a.ts", 'import { x } from "../test/support/x.ts";', /test\/ is not shipped/],
		["pipeline/a.ts", 'import { x } from "../scripts/x.ts";', /scripts\/ is not shipped/],
		["pipeline/a.ts", 'import { x } from "../checks/protocols/testing/zone-resolver.ts";', /serves the tests/],
		["model/a.ts", 'import { x } from "../../elsewhere/x.ts";', /outside the project/],
		["constructs/a/index.ts", 'import { KmsKey } from "@cdktf/provider-aws";', /loads every resource; import @cdktf\/provider-aws\/lib\/<resource>\/index\.js/],
		["constructs/a/index.ts", 'import * as aws from "@cdktn/provider-aws/lib";', /loads every resource/],
	])("refuses in %s: %s", (file, text, message) => {
		const found = messages(file, text);
		expect(found).toHaveLength(1);
		expect(found[0]).toMatch(message);
	});

	it("leaves tests, and what only looks like an import, alone", () => {
		expect(messages("checks/a.test.ts", 'import { x } from "../pipeline/x.ts";')).toEqual([]);
		expect(messages("constructs/testing/a.test-support.ts", 'import { x } from "../../checks/x.ts";')).toEqual([]);
		expect(messages("scripts/a.ts", 'import { x } from "../test/x.ts";')).toEqual([]);
		expect(messages("model/a.ts", '/** import { x } from "../checks/x.ts"; */\n// from "../cli/x.ts"\nconst url = "https://example.org";')).toEqual([]);
	});

	it("names the line of each of several", () => {
		const text = '/*\n*/ import { a } from "../checks/a.ts";\nimport { z } from "zod";\nimport { b } from "../cli/b.ts";\n';
		expect(lintImports("model/a.ts", text).map((one) => one.line)).toEqual([2, 4]);
	});
});
