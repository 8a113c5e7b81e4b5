import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const source = JSON.stringify(join(import.meta.dirname, "heap.ts"));

it("gives a list of domains a larger space for new objects, which then keeps its size", () => {
	const code = `
		import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
		import { growNewSpace } from ${source};
		const size = () => getHeapSpaceStatistics().find((space) => space.space_name === "new_space").space_size / 2 ** 20;
		setFlagsFromString("--semi-space-growth-factor=1");
		const sizes = [size()];
		growNewSpace();
		sizes.push(size());
		const kept = [];
		for (let at = 0; at < 1_000_000; at++) kept[at % 100_000] = { at };
		console.log(JSON.stringify([...sizes, size()]));`;
	const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8", timeout: 20_000 });
	expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
	const [before, after, later] = JSON.parse(stdout) as number[];
	expect(before).toBeLessThan(8);
	expect([after, later]).toEqual([8, 8]);
});
