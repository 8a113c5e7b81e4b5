import { Sesv2ContactList } from "@cdktf/provider-aws/lib/sesv2-contact-list/index.js";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../internal/physical-name.ts";
import { checkProp, propError } from "../internal/prop-checks.ts";
import { healthWordIn } from "./health-words.ts";

export interface ContactTopic {
	/** Name that senders give, such as "newsletter": 1 to 64 letters, digits, "_" and "-". */
	readonly topicName: string;
	/** Name that recipients see, such as "News of the clinic": 1 to 128 characters. */
	readonly displayName: string;
	/** What recipients get, at most 500 characters. @default - none */
	readonly description?: string;
	/**
	 * Whether who never chose gets it. "OPT_IN" only for what needs no authorization (45 CFR 164.508(a)(3)), such as
	 * appointment notices.
	 * @default "OPT_OUT"
	 */
	readonly defaultSubscriptionStatus?: "OPT_IN" | "OPT_OUT";
}

export interface ContactPreferencesProps {
	/** What recipients can choose to get, 1 to 20 topics. None may tell what somebody suffers from. */
	readonly topics: readonly ContactTopic[];
	/** Name of the list, as senders give it. SES has one list in an account and Region. @default - the construct's path, such as "mail-preferences" */
	readonly contactListName?: string;
}

/**
 * SES contact list: what each recipient chose to get, kept by SES, which writes nobody who opted out. By default nobody gets
 * what they did not ask for.
 *
 * A topic that names a condition is refused: the name would tell it to whoever sees a recipient's choices.
 */
export class ContactPreferences extends Construct {
	readonly contactList: Sesv2ContactList;

	constructor(scope: Construct, id: string, props: ContactPreferencesProps) {
		super(scope, id);
		checkProp(this, "contactListName", props.contactListName, isName, nameRule);
		checkTopics(this, props.topics);
		this.contactList = new Sesv2ContactList(this, "contact-list", {
			contactListName: props.contactListName ?? physicalName(this, 64),
			topic: props.topics.map(({ topicName, displayName, description, defaultSubscriptionStatus = "OPT_OUT" }) => ({
				topicName,
				displayName,
				...(description === undefined ? {} : { description }),
				defaultSubscriptionStatus,
			})),
		});
	}
}

const nameRule = { wanted: '1 to 64 letters, digits, "_" and "-"', remedy: 'choose a name such as "newsletter"' };

function isName(name: string): boolean {
	return /^[A-Za-z0-9_-]{1,64}$/.test(name);
}

function checkTopics(scope: Construct, topics: readonly ContactTopic[]): void {
	if (topics.length < 1 || topics.length > 20) {
		throw propError(scope, "topics", topics, { wanted: "a list of 1 to 20 topics, as SES allows", remedy: "name at least one kind of mail" });
	}
	const seen = new Set<string>();
	for (const [index, topic] of topics.entries()) {
		const prop = `topics[${index}]`;
		checkProp(scope, `${prop}.topicName`, topic.topicName, isName, nameRule);
		checkProp(scope, `${prop}.topicName`, topic.topicName, (name) => !seen.has(name), {
			wanted: "a name of its own",
			remedy: "give each topic another name",
		});
		seen.add(topic.topicName);
		checkProp(scope, `${prop}.displayName`, topic.displayName, (name) => name.length >= 1 && name.length <= 128, {
			wanted: "1 to 128 characters",
			remedy: "say shortly what recipients get",
		});
		checkProp(scope, `${prop}.description`, topic.description, (text) => text.length <= 500, {
			wanted: "at most 500 characters",
			remedy: "say shortly what recipients get",
		});
		checkProp(scope, `${prop}.defaultSubscriptionStatus`, topic.defaultSubscriptionStatus, (status) => status === "OPT_IN" || status === "OPT_OUT", {
			wanted: '"OPT_IN" or "OPT_OUT"',
			remedy: "leave it out, so that nobody gets what they did not ask for",
		});
		for (const field of ["topicName", "displayName", "description"] as const) checkHealthWord(scope, `${prop}.${field}`, topic[field]);
	}
}

function checkHealthWord(scope: Construct, prop: string, text: string | undefined): void {
	if (text === undefined || Token.isUnresolved(text)) return;
	const word = healthWordIn(text);
	if (word === undefined) return;
	throw propError(scope, prop, text, {
		wanted: `free of words that tell of a health condition, such as "${word}"`,
		remedy: 'name the kind of mail instead, such as "newsletter-3": whoever sees who chose the topic would learn the condition (45 CFR 164.502(b))',
	});
}
