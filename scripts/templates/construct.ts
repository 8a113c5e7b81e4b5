import type { Scaffold } from "./names.ts";
import { kebabCase, words } from "./names.ts";

/** A working construct: a log group that keeps what it is given, encrypted, held by constructs/walk.test.ts to the two checks it names. */
export function constructScaffold(name: string): Scaffold {
	const kebab = kebabCase(name);
	const folder = `constructs/${kebab}`;
	return {
		files: [
			{ path: `${folder}/index.ts`, text: index(name, kebab) },
			{ path: `${folder}/index.test.ts`, text: test(name, kebab) },
		],
		next: [
			`put the resources of ${name} in place of the log group in ${folder}/index.ts, and name after "Satisfies:" the checks that it passes`,
			`export { ${name}, type ${name}Props } from "./${kebab}/index.ts"; in constructs/index.ts, and a row in constructs/testing/every-construct.test-support.ts`,
			`npm test -- ${folder} constructs/walk.test.ts`,
			"npm run lint && npm run typecheck",
		],
	};
}

const index = (name: string, kebab: string) => `import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { Construct } from "constructs";
import { checkProp } from "../internal/prop-checks.ts";
import { sixYearsDays } from "../internal/retention.ts";

export interface ${name}Props {
	/** ARN of the customer managed key that encrypts the log events. */
	readonly encryptionKeyArn: string;
	/** Days that log events are kept: a period of CloudWatch Logs from six years up. @default 2192 (six years) */
	readonly retentionDays?: number;
}

/** Periods from six years up that CloudWatch Logs offers. */
const periodsDays = [sixYearsDays, 2557, 2922, 3288, 3653];

/**
 * ${words(kebab)}: a log group whose events are encrypted and kept for six years, 45 CFR 164.316(b)(2)(i).
 *
 * Satisfies: logs.encrypted, logs.retention
 */
export class ${name} extends Construct {
	readonly logGroup: CloudwatchLogGroup;

	constructor(scope: Construct, id: string, props: ${name}Props) {
		super(scope, id);
		checkProp(this, "encryptionKeyArn", props.encryptionKeyArn, (arn) => /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:key\\/[\\w-]+$/.test(arn), {
			wanted: "the ARN of a key",
			remedy: 'take it from the key, such as "arn:aws:kms:us-east-1:111122223333:key/..."',
		});
		checkProp(this, "retentionDays", props.retentionDays, (days) => periodsDays.includes(days), {
			wanted: \`one of \${periodsDays.join(", ")}\`,
			remedy: "leave it out for six years",
		});
		this.logGroup = new CloudwatchLogGroup(this, "log-group", { kmsKeyId: props.encryptionKeyArn, retentionInDays: props.retentionDays ?? sixYearsDays });
	}
}
`;

const test = (name: string, kebab: string) => `import { describe, expect, it } from "vitest";
import { onlyResource, synthesize } from "../testing/judge.test-support.ts";
import { ${name}, type ${name}Props } from "./index.ts";

const encryptionKeyArn = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-4333-8444-555555555555";

function build(props: Partial<${name}Props> = {}): string {
	return synthesize((stack) => {
		new ${name}(stack, "${kebab}", { encryptionKeyArn, ...props });
	});
}

describe("${name}", () => {
	it("keeps events for six years, or longer as it is told", () => {
		expect(onlyResource(build(), "aws_cloudwatch_log_group")).toMatchObject({ retention_in_days: 2192, kms_key_id: encryptionKeyArn });
		expect(onlyResource(build({ retentionDays: 3653 }), "aws_cloudwatch_log_group")).toMatchObject({ retention_in_days: 3653 });
	});

	it("says what is wrong with a key or a period, and what to write", () => {
		expect(() => build({ encryptionKeyArn: "alias/mail" })).toThrow(/encryptionKeyArn must be the ARN of a key, got "alias\\/mail"; take it from the key/);
		expect(() => build({ retentionDays: 30 })).toThrow(/retentionDays must be one of 2192, .*, got 30; leave it out/);
	});
});
`;
