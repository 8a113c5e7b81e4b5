import { readFileSync } from "node:fs";

type Body = Record<string, unknown>;
interface Statement {
	sid?: string;
	effect?: string;
	actions?: string[];
	principals?: { type: string; identifiers: string[] }[];
	condition?: { variable: string }[];
}

/** A resource of a synthesized stack: its address, without the construct's name in front and the hash behind, and its text. */
export interface Resource {
	type: string;
	/** `events_store_bucket` for `aws_s3_bucket.clinic_events_store_bucket_9C18B6BC`. */
	name: string;
	address: string;
	body: Body;
	text: string;
}

/** What a diagram asks of a cdk.tf.json. */
export class SynthesizedStack {
	readonly resources: readonly Resource[];
	readonly #documents: Readonly<Record<string, { statement: Statement[] }>>;

	constructor(file: string, construct: string) {
		const { resource, data } = JSON.parse(readFileSync(file, "utf8")) as {
			resource: Record<string, Record<string, Body>>;
			data: { aws_iam_policy_document: Record<string, { statement: Statement[] }> };
		};
		this.#documents = data.aws_iam_policy_document;
		this.resources = Object.entries(resource).flatMap(([type, instances]) =>
			Object.entries(instances).map(([id, body]) => ({
				type,
				name: id.replace(`${construct}_`, "").replace(/_[0-9A-F]{8}$/, ""),
				address: `${type}.${id}`,
				body,
				text: JSON.stringify(body),
			})),
		);
	}

	/** The keys in the order of their purposes: their numbers in the diagram. */
	get keys(): Resource[] {
		return this.ofType("aws_kms_key").sort((a, b) => (String(a.body.description) < String(b.body.description) ? -1 : 1));
	}

	ofType(type: string): Resource[] {
		return this.resources.filter((one) => one.type === type);
	}

	/** Numbers of the keys that any of the resources names. */
	keysOf(resources: readonly Resource[]): number[] {
		return this.keys.flatMap((key, index) => (resources.some(({ text }) => text.includes(`\${${key.address}.`)) ? [index + 1] : []));
	}

	/** Whether something of the one names something of the other, policy documents looked into. */
	areJoined(one: readonly Resource[], other: readonly Resource[]): boolean {
		return this.#names(one, other) || this.#names(other, one);
	}

	/** The statements of the policy document that a text names. */
	statementsIn(text: string): Statement[] {
		return [...text.matchAll(/data\.aws_iam_policy_document\.([\w-]+)\.json/g)].flatMap(([, name = ""]) => this.#documents[name]?.statement ?? []);
	}

	#names(one: readonly Resource[], other: readonly Resource[]): boolean {
		const texts = one.map(({ text }) => text + JSON.stringify(this.statementsIn(text)));
		return other.some(({ address }) => texts.some((text) => text.includes(`\${${address}.`) || text.includes(`(${address}.`)));
	}
}
