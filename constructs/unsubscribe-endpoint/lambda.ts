/** Code of the UnsubscribeEndpoint's function. It stands alone: Lambda's Node.js has the AWS SDK, and nothing else is there. */
import { createHash } from "node:crypto";
import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
	CreateContactCommand,
	GetContactCommand,
	NotFoundException,
	PutSuppressedDestinationCommand,
	SESv2Client,
	type TopicPreference,
	UpdateContactCommand,
} from "@aws-sdk/client-sesv2";

/** What an HTTP API hands on (payload format 2.0), as far as it is read. An authorizer's event has `type`. */
interface HttpEvent {
	type?: "REQUEST";
	queryStringParameters?: Record<string, string>;
	headers?: Record<string, string>;
	body?: string;
	isBase64Encoded?: boolean;
	requestContext: { requestId: string; http: { method: string } };
}

interface HttpResponse {
	statusCode: number;
	headers: Record<string, string>;
	body: string;
}

interface Subscription {
	tokenSha256: string;
	address: string;
	/** Absent: all mail. */
	topicName: string | undefined;
}

const dynamo = new DynamoDBClient({});
const ses = new SESv2Client({});

/** RFC 8058 section 3.1: the one key and value that a receiver posts. */
const oneClick = { name: "List-Unsubscribe", value: "One-Click" };
const longestBody = 4096;

const headers = {
	"cache-control": "no-store",
	"content-security-policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
	"content-type": "text/html; charset=utf-8",
	"referrer-policy": "no-referrer",
	"strict-transport-security": "max-age=31536000",
	"x-content-type-options": "nosniff",
};

/**
 * As authorizer: whether the token is one that was issued. As handler: GET shows a page with one button, since programs that
 * follow links must not unsubscribe anybody; POST with the body of RFC 8058, or from that page, unsubscribes.
 */
export async function handler(event: HttpEvent): Promise<HttpResponse | { isAuthorized: boolean }> {
	const subscription = await subscriptionOf(event.queryStringParameters?.t);
	if (event.type === "REQUEST") return { isAuthorized: subscription !== undefined };
	const outcome = subscription === undefined ? "unknown_token" : await act(event, subscription);
	// Neither token nor address: both would tell who gets what.
	console.log(JSON.stringify({ requestId: event.requestContext.requestId, outcome }));
	return responses[outcome];
}

async function act(event: HttpEvent, subscription: Subscription): Promise<keyof typeof responses> {
	if (event.requestContext.http.method === "GET") return "asked";
	if (!isOneClick(event)) return "not_one_click";
	await unsubscribe(subscription);
	return "unsubscribed";
}

async function subscriptionOf(token: string | undefined): Promise<Subscription | undefined> {
	if (token === undefined || !/^[\w-]{22,128}$/.test(token)) return undefined;
	const tokenSha256 = createHash("sha256").update(token).digest("hex");
	const { Item } = await dynamo.send(new GetItemCommand({ TableName: setting("TABLE_NAME"), Key: { tokenSha256: { S: tokenSha256 } }, ConsistentRead: true }));
	const address = Item?.address?.S;
	return address === undefined ? undefined : { tokenSha256, address, topicName: Item?.topicName?.S };
}

/** The preference is written first, so that a token is marked only when the wish has been carried out. All steps can be repeated. */
async function unsubscribe({ tokenSha256, address, topicName }: Subscription): Promise<void> {
	const list = process.env.CONTACT_LIST_NAME ?? "";
	if (list !== "") await optOut(list, address, topicName);
	// SES has no reason of its own for it; "COMPLAINT" is the one that stops mail which was not wanted.
	if (topicName === undefined || list === "") await ses.send(new PutSuppressedDestinationCommand({ EmailAddress: address, Reason: "COMPLAINT" }));
	await dynamo.send(
		new UpdateItemCommand({
			TableName: setting("TABLE_NAME"),
			Key: { tokenSha256: { S: tokenSha256 } },
			UpdateExpression: "SET unsubscribedAt = if_not_exists(unsubscribedAt, :now)",
			ConditionExpression: "attribute_exists(tokenSha256)",
			ExpressionAttributeValues: { ":now": { S: new Date().toISOString() } },
		}),
	);
}

/** SES replaces all preferences of a contact by those it is given, so the others are read first. */
async function optOut(list: string, address: string, topicName: string | undefined): Promise<void> {
	const contact = { ContactListName: list, EmailAddress: address };
	const added: TopicPreference[] = topicName === undefined ? [] : [{ TopicName: topicName, SubscriptionStatus: "OPT_OUT" }];
	try {
		const now = await ses.send(new GetContactCommand(contact));
		const kept = (now.TopicPreferences ?? []).filter((preference) => preference.TopicName !== topicName);
		await ses.send(
			new UpdateContactCommand({
				...contact,
				TopicPreferences: [...kept, ...added],
				UnsubscribeAll: topicName === undefined || now.UnsubscribeAll === true,
				AttributesData: now.AttributesData,
			}),
		);
	} catch (error) {
		if (!(error instanceof NotFoundException)) throw error;
		await ses.send(new CreateContactCommand({ ...contact, TopicPreferences: added, UnsubscribeAll: topicName === undefined }));
	}
}

/** RFC 8058 section 3.2 allows both encodings of a form. */
function isOneClick(event: HttpEvent): boolean {
	const body = Buffer.from(event.body ?? "", event.isBase64Encoded === true ? "base64" : "utf8").toString("latin1");
	if (body.length > longestBody) return false;
	const type = event.headers?.["content-type"] ?? "";
	if (/^application\/x-www-form-urlencoded\b/i.test(type)) return new URLSearchParams(body).get(oneClick.name) === oneClick.value;
	const boundary = /^multipart\/form-data\b.*;\s*boundary="?([^";,\s]{1,70})/i.exec(type)?.[1];
	if (boundary === undefined) return false;
	return body.split(`--${boundary}`).some((part) => {
		const [head = "", value] = part.split("\r\n\r\n", 2);
		return /^content-disposition:\s*form-data;\s*name="?List-Unsubscribe"?\s*$/im.test(head) && value?.trim() === oneClick.value;
	});
}

function setting(name: string): string {
	const value = process.env[name];
	if (value === undefined || value === "") throw new Error(`${name} is not set`);
	return value;
}

function page(statusCode: number, title: string, content: string): HttpResponse {
	const body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1>${content}</html>\n`;
	return { statusCode, headers, body };
}

const form = `<form method="post"><input type="hidden" name="${oneClick.name}" value="${oneClick.value}"><button>Unsubscribe</button></form>`;

const responses = {
	asked: page(200, "Unsubscribe", `<p>You will get no more of these messages.</p>${form}`),
	unsubscribed: page(200, "Unsubscribed", "<p>You will get no more of these messages.</p>"),
	not_one_click: page(400, "Not understood", "<p>Open the link of the message again.</p>"),
	unknown_token: page(404, "Link not known", "<p>Open the link of the message again.</p>"),
};
