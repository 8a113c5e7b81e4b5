import type { Evidence } from "../../model/evidence.ts";
import { valueAt } from "../engine/paths.ts";
import { isUnknown, textAt } from "./policy-documents.ts";

/** What an attribute of a resource names: evidence ids where the resource is in the evidence, else the ARN, name or address as it stands there. */
export interface Named {
	readonly ids: readonly string[];
	/** True if it names more than that, or something else, and only apply will tell. */
	readonly open: boolean;
}

/** How the name of a resource stands at the end of its ARN. */
const arnForms: readonly { kind: string; form: RegExp }[] = [
	{ kind: "aws_sns_topic", form: /^arn:[^:]*:sns:[^:]*:[^:]*:([^:]+)$/ },
	{ kind: "aws_sqs_queue", form: /^arn:[^:]*:sqs:[^:]*:[^:]*:([^:]+)$/ },
	{ kind: "aws_lambda_function", form: /^arn:[^:]*:lambda:[^:]*:[^:]*:function:([^:]+)(?::[^:]+)?$/ },
	{ kind: "aws_kinesis_firehose_delivery_stream", form: /^arn:[^:]*:firehose:[^:]*:[^:]*:deliverystream\/(.+)$/ },
	{ kind: "aws_kinesis_stream", form: /^arn:[^:]*:kinesis:[^:]*:[^:]*:stream\/(.+)$/ },
	{ kind: "aws_cloudwatch_event_bus", form: /^arn:[^:]*:events:[^:]*:[^:]*:event-bus\/(.+)$/ },
	{ kind: "aws_cloudwatch_log_group", form: /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/ },
	{ kind: "aws_s3_bucket", form: /^arn:[^:]*:s3:::([^/]+)$/ },
	{ kind: "aws_dynamodb_table", form: /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/([^/]+)$/ },
];

const nameAttributes = ["name", "bucket", "function_name", "configuration_set_name"];
const fullNames = ["id", "arn", "url"];

/** Finds items by what other items call them: address, ARN, URL, or the name of a kind. */
export class Names {
	readonly #full = new Map<string, string>();
	readonly #byKind = new Map<string, string>();

	constructor(items: Iterable<Evidence>) {
		for (const item of items) {
			this.#full.set(item.id, item.id);
			for (const key of fullNames) {
				const text = textAt(item, key);
				if (text !== undefined && !this.#full.has(text)) this.#full.set(text, item.id);
			}
			for (const key of nameAttributes) {
				const text = textAt(item, key);
				if (text !== undefined) this.#byKind.set(`${item.kind}\n${text}`, item.id);
			}
		}
	}

	/** The evidence id behind a name; the name itself where no item bears it. `kind` says of what kind a bare name is. */
	idOf(text: string, kind?: string): string {
		const direct = this.#full.get(text) ?? (kind === undefined ? undefined : this.#byKind.get(`${kind}\n${text}`));
		if (direct !== undefined) return direct;
		for (const { kind: of, form } of arnForms) {
			const name = form.exec(text)?.[1];
			const found = name === undefined ? undefined : this.#byKind.get(`${of}\n${name}`);
			if (found !== undefined) return found;
		}
		return text;
	}

	/** What stands at a path; `*` is any element of a list: s3_action.*.bucket_name. `read` takes names out of a document. */
	named(item: Evidence, path: string, { kind, read = (text) => [text] }: { kind?: string; read?: (text: string) => readonly string[] } = {}): Named {
		const ids = new Set<string>();
		let open = false;
		for (const at of expand(item, path)) {
			const text = textAt(item, at);
			if (text !== undefined) for (const name of read(text)) ids.add(this.idOf(name, kind));
			const references = (item.references?.[at] ?? []).filter((id) => kind === undefined || id.split(".").includes(kind));
			// A known value that was made from a resource names it too: the bucket's name says the same as its address.
			if (text === undefined) for (const id of references) ids.add(this.idOf(id));
			if (text === undefined && references.length === 0 && isUnknown(item, at)) open = true;
		}
		return { ids: [...ids], open };
	}
}

/** The concrete paths of a pattern with `*` for elements. Where a block is unknown as a whole, its path stands for what is below it. */
function expand(item: Evidence, pattern: string): string[] {
	const star = pattern.indexOf("*");
	if (star === -1) return [pattern];
	const before = pattern.slice(0, star - 1);
	const list = valueAt(item.values, before);
	if (!Array.isArray(list)) return [pattern.replaceAll("*", "0")];
	return list.flatMap((_, index) => expand(item, `${before}.${index}${pattern.slice(star + 1)}`));
}

/**
 * Whether the value at a path names a customer managed KMS key: a key of the plan, or an ARN, id or alias other than AWS's own. The
 * same rule as names_own_key in checks/policies/lib/evidence.rego.
 */
export function ownKey(item: Evidence, path: string): boolean | "unknown" {
	const value = textAt(item, path);
	if (value !== undefined) return !value.includes("alias/aws/");
	if ((item.references?.[path] ?? []).some((id) => id.includes("aws_kms_") && !id.includes("data."))) return true;
	return isUnknown(item, path) ? "unknown" : false;
}
