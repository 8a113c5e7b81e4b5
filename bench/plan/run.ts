import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkov } from "../peers/checkov.ts";
import { type Timing, timed } from "../timed.ts";

const root = join(import.meta.dirname, "..", "..");

/**
 * A plan of many resources, judged and written as result.json: wall and CPU time and peak memory of the whole process; then
 * Checkov on the same file, where Python can install it. And what `import "mailward"` adds to an app of cdktf.
 */
export async function run(args: readonly string[]): Promise<void> {
	const { values } = parseArgs({
		args: [...args],
		options: {
			sizes: { type: "string", default: "8000,80000" },
			/** The part of the resources that belongs to mail; the rest is what an account holds besides. */
			mail: { type: "string", default: "0.25" },
			peers: { type: "boolean", default: false },
		},
	});
	const dir = mkdtempSync(join(tmpdir(), "mailward-bench-"));
	try {
		const figures: { count: number; timing: Timing }[] = [];
		for (const size of values.sizes.split(",").map(Number)) {
			const folder = join(dir, String(size));
			const { file, count } = writeStack(folder, size, Number(values.mail));
			const timing = await timed(dir, process.execPath, [
				join(root, "dist/cli/main.js"),
				...["scan", "--plan", file, "--format", "json", "--out", join(dir, `report-${size}`), "--quiet"],
			]);
			figures.push({ count, timing });
			process.stdout.write(`mailward, ${count} resources: ${told(timing)}\n`);
		}
		const [small, large] = figures;
		if (small !== undefined && large !== undefined) {
			const [times, wall, cpu] = [large.count / small.count, large.timing.seconds / small.timing.seconds, large.timing.cpuSeconds / small.timing.cpuSeconds];
			process.stdout.write(`${times.toFixed(1)} times the resources take ${wall.toFixed(1)} times as long (${cpu.toFixed(1)} times the CPU)\n`);
		}
		if (values.peers && small !== undefined) await checkov(dir, join(dir, values.sizes.split(",")[0] ?? ""), small.timing.cpuSeconds);
		await importCost();
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

/**
 * Copies of the minimal example's stack side by side, every name of its own, until they are the part of the resources that was asked
 * for; and resources of other services, of types that no check reads.
 */
function writeStack(folder: string, size: number, mail: number): { file: string; count: number } {
	const text = readFileSync(join(root, "examples/minimal/cdktf.out/stacks/mail/cdk.tf.json"), "utf8");
	const { resource, data, ...rest } = JSON.parse(text) as Record<"resource" | "data", Record<string, object>>;
	const each = Object.values(resource).reduce((sum, instances) => sum + Object.keys(instances).length, 0);
	const copies = Math.ceil((size * mail) / each);
	const [body, more] = [JSON.stringify(resource), JSON.stringify(data)];
	const stack = { ...rest, resource: {} as Record<string, object>, data: {} as Record<string, object> };
	for (let copy = 0; copy < copies; copy++) {
		const name = (part: string) =>
			JSON.parse(part.replaceAll("clinic_", `c${copy}_`).replaceAll("minimal.example", `c${copy}.example`)) as Record<string, object>;
		for (const [type, instances] of Object.entries(name(body))) stack.resource[type] = Object.assign(stack.resource[type] ?? {}, instances);
		for (const [type, instances] of Object.entries(name(more))) stack.data[type] = Object.assign(stack.data[type] ?? {}, instances);
	}
	for (let count = copies * each; count < size; count++) {
		const [type, body] = elsewhere[count % elsewhere.length] ?? ["aws_vpc", {}];
		stack.resource[type] = Object.assign(stack.resource[type] ?? {}, { [`r${count}`]: body });
	}
	mkdirSync(folder, { recursive: true });
	const file = join(folder, "cdk.tf.json");
	writeFileSync(file, JSON.stringify(stack));
	return { file, count: Math.max(copies * each, size) };
}

/** What most of an account's plan is made of, in the sizes that such resources have. */
const elsewhere: readonly (readonly [type: string, body: object])[] = [
	["aws_subnet", { vpc_id: "vpc-0a1b2c3d4e5f60718", cidr_block: "10.0.16.0/20", availability_zone: "us-east-1a", tags: { Name: "app", Team: "platform" } }],
	["aws_route_table_association", { subnet_id: "subnet-0a1b2c3d4e5f60718", route_table_id: "rtb-0a1b2c3d4e5f60718" }],
	[
		"aws_vpc_security_group_ingress_rule",
		{ security_group_id: "sg-0a1b2c3d4e5f60718", cidr_ipv4: "10.0.0.0/8", from_port: 443, to_port: 443, ip_protocol: "tcp", description: "from the office" },
	],
	[
		"aws_ecs_task_definition",
		{
			family: "app",
			requires_compatibilities: ["FARGATE"],
			cpu: "512",
			memory: "1024",
			network_mode: "awsvpc",
			container_definitions: JSON.stringify([
				{ name: "app", image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1.4.2", essential: true, portMappings: [{ containerPort: 8080 }] },
			]),
		},
	],
	["aws_lb_target_group", { name: "app", port: 8080, protocol: "HTTP", vpc_id: "vpc-0a1b2c3d4e5f60718", health_check: { path: "/health", matcher: "200" } }],
	["aws_ssm_parameter", { name: "/app/log-level", type: "String", value: "info", tags: { Team: "platform" } }],
	["aws_ecr_repository", { name: "app", image_tag_mutability: "IMMUTABLE", image_scanning_configuration: { scan_on_push: true } }],
];

/** Time and memory of a process that imports cdktf, against one that imports mailward too; each the least of five. */
async function importCost(): Promise<void> {
	const least = async (code: string): Promise<Timing> => {
		const timings: Timing[] = [];
		for (let turn = 0; turn < 5; turn++) timings.push(await timed(root, process.execPath, ["--input-type=module", "--eval", code], "ignore"));
		const [first] = timings;
		if (first === undefined) throw new Error("nothing was timed");
		return {
			...first,
			seconds: Math.min(...timings.map(({ seconds }) => seconds)),
			peakMegabytes: Math.min(...timings.map(({ peakMegabytes }) => peakMegabytes)),
		};
	};
	// The least that any app of cdktf for AWS imports.
	const app = `import "cdktf"; import "@cdktf/provider-aws/lib/provider/index.js";`;
	const [without, withIt] = [await least(app), await least(`${app} import "mailward";`)];
	process.stdout.write(
		`import "mailward" adds ${(withIt.seconds - without.seconds).toFixed(2)} s and ${withIt.peakMegabytes - without.peakMegabytes} MB to cdktf's ${without.seconds.toFixed(2)} s and ${without.peakMegabytes} MB\n`,
	);
}

function told({ seconds, cpuSeconds, peakMegabytes, code }: Timing): string {
	return `${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU, peak ${peakMegabytes} MB, exit ${code}`;
}
