import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
	ConditionalCheckFailedException,
	DynamoDBClient,
	GetItemCommand,
	ProvisionedThroughputExceededException,
	UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
	CreateContactCommand,
	GetContactCommand,
	NotFoundException,
	PutSuppressedDestinationCommand,
	SESv2Client,
	TooManyRequestsException,
	UpdateContactCommand,
} from "@aws-sdk/client-sesv2";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { handler } from "./lambda.ts";

const dynamo = mockClient(DynamoDBClient);
const ses = mockClient(SESv2Client);
const address = "a.patient@mailbox.example";
const token = "q83vEjRWeJCrze8SNFZ4kA";
const tokenSha256 = createHash("sha256").update(token).digest("hex");
const log = vi.spyOn(console, "log").mockImplementation(() => undefined);

/** As an HTTP API does it: requests become events of payload format 2.0, the authorizer is asked first, form bodies of binary types are base64. */
async function eventOf(request: IncomingMessage) {
	const url = new URL(request.url ?? "/", "http://endpoint.example");
	const body = await text(request);
	const isBase64Encoded = !/^(?:text\/|application\/(?:json|xml))/.test(request.headers["content-type"] ?? "text/");
	return {
		version: "2.0",
		routeKey: `${request.method} /`,
		rawPath: url.pathname,
		rawQueryString: url.search.slice(1),
		cookies: request.headers.cookie?.split("; ") ?? [],
		headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
		queryStringParameters: Object.fromEntries(url.searchParams),
		requestContext: { requestId: "JKJaXmPLvHcESHA=", http: { method: request.method ?? "", path: url.pathname, sourceIp: "198.51.100.7" } },
		...(body === "" ? {} : { body: isBase64Encoded ? Buffer.from(body).toString("base64") : body, isBase64Encoded }),
	};
}

let server: Server;
let endpoint: string;

beforeAll(async () => {
	server = createServer(async (request, response) => {
		try {
			const event = await eventOf(request);
			const allowed = await handler({ ...event, type: "REQUEST" });
			if (!("isAuthorized" in allowed)) throw new Error("no authorizer's answer");
			if (!allowed.isAuthorized) return response.writeHead(403).end();
			const answer = await handler(event);
			if (!("statusCode" in answer)) throw new Error("no handler's answer");
			response.writeHead(answer.statusCode, answer.headers).end(answer.body);
		} catch {
			response.writeHead(500).end();
		}
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => server.close());

beforeEach(() => {
	vi.stubEnv("TABLE_NAME", "tokens");
	vi.stubEnv("CONTACT_LIST_NAME", "clinic");
	dynamo.reset();
	ses.reset();
	log.mockClear();
	issued({});
	dynamo.on(UpdateItemCommand).resolves({});
	ses.on(GetContactCommand).rejects(new NotFoundException({ message: "no contact", $metadata: {} }));
	ses.on(CreateContactCommand).resolves({});
	ses.on(UpdateContactCommand).resolves({});
	ses.on(PutSuppressedDestinationCommand).resolves({});
});

function issued({ topicName }: { topicName?: string }): void {
	dynamo.on(GetItemCommand).resolves({});
	const item = { tokenSha256: { S: tokenSha256 }, address: { S: address }, ...(topicName === undefined ? {} : { topicName: { S: topicName } }) };
	dynamo.on(GetItemCommand, { TableName: "tokens", Key: { tokenSha256: { S: tokenSha256 } } }).resolves({ Item: item });
}

type Body = string | URLSearchParams | FormData;
const post = (body: Body, init: RequestInit = {}, t = token) => fetch(`${endpoint}?t=${t}`, { method: "POST", body, redirect: "manual", ...init });
const oneClick = () => new URLSearchParams({ "List-Unsubscribe": "One-Click" });
const calls = () => ses.calls().map(({ args }) => ({ name: args[0].constructor.name, input: args[0].input }));

describe("a POST as RFC 8058 has it", () => {
	it("takes the recipient off all mail: preferences, suppression list, and a mark at the token", async () => {
		const response = await post(oneClick());
		expect(response.status).toBe(200);
		expect(calls().filter(({ name }) => name !== "GetContactCommand")).toEqual([
			{ name: "CreateContactCommand", input: { ContactListName: "clinic", EmailAddress: address, TopicPreferences: [], UnsubscribeAll: true } },
			{ name: "PutSuppressedDestinationCommand", input: { EmailAddress: address, Reason: "COMPLAINT" } },
		]);
		expect(dynamo.commandCalls(UpdateItemCommand)).toHaveLength(1);
	});

	it("needs no login, sets no cookie, ignores one, and redirects nowhere", async () => {
		const response = await post(oneClick(), { headers: { cookie: "session=1", authorization: "Basic eDp5" } });
		expect(response.status).toBe(200);
		for (const name of ["set-cookie", "location", "www-authenticate"]) expect(response.headers.get(name)).toBeNull();
		expect(response.headers.get("cache-control")).toBe("no-store");
	});

	it("may be encoded as multipart/form-data too", async () => {
		const form = new FormData();
		form.append("List-Unsubscribe", "One-Click");
		expect((await post(form)).status).toBe(200);
		expect(ses.commandCalls(PutSuppressedDestinationCommand)).toHaveLength(1);
	});

	it("opts out of one topic where the token names one, keeps the other preferences, and suppresses nothing", async () => {
		issued({ topicName: "newsletter" });
		const other = { TopicName: "appointments", SubscriptionStatus: "OPT_IN" as const };
		const before = { TopicPreferences: [other, { TopicName: "newsletter", SubscriptionStatus: "OPT_IN" as const }], AttributesData: "{}" };
		ses.on(GetContactCommand).resolves(before);
		expect((await post(oneClick())).status).toBe(200);
		expect(calls().at(-1)).toEqual({
			name: "UpdateContactCommand",
			input: {
				ContactListName: "clinic",
				EmailAddress: address,
				TopicPreferences: [other, { TopicName: "newsletter", SubscriptionStatus: "OPT_OUT" }],
				UnsubscribeAll: false,
				AttributesData: "{}",
			},
		});
		expect(ses.commandCalls(PutSuppressedDestinationCommand)).toHaveLength(0);
	});

	it("does not bring back who had unsubscribed from all", async () => {
		issued({ topicName: "newsletter" });
		ses.on(GetContactCommand).resolves({ UnsubscribeAll: true });
		await post(oneClick());
		expect(ses.commandCalls(UpdateContactCommand)[0]?.args[0].input.UnsubscribeAll).toBe(true);
	});

	it("suppresses where there is no contact list, whatever the token names", async () => {
		vi.stubEnv("CONTACT_LIST_NAME", "");
		issued({ topicName: "newsletter" });
		expect((await post(oneClick())).status).toBe(200);
		expect(calls().map(({ name }) => name)).toEqual(["PutSuppressedDestinationCommand"]);
	});

	it("can be repeated", async () => {
		for (let time = 0; time < 2; time++) expect((await post(oneClick())).status).toBe(200);
	});
});

describe("what unsubscribes nobody", () => {
	it("is a GET: a page with one button that posts to where it came from", async () => {
		const response = await fetch(`${endpoint}?t=${token}`);
		const page = await response.text();
		expect(response.status).toBe(200);
		expect(page).toContain('<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>');
		expect(page).not.toContain(token);
		expect(page).not.toContain(address);
		expect(ses.calls()).toHaveLength(0);
		expect(dynamo.commandCalls(UpdateItemCommand)).toHaveLength(0);
	});

	it.each<[string, Body, RequestInit?]>([
		["an empty body", ""],
		["another value", new URLSearchParams({ "List-Unsubscribe": "yes" })],
		["another type", "List-Unsubscribe=One-Click", { headers: { "content-type": "text/plain" } }],
		["a form without a boundary", "List-Unsubscribe=One-Click", { headers: { "content-type": "multipart/form-data" } }],
		["a body that is too long", `List-Unsubscribe=One-Click&pad=${"x".repeat(5000)}`, { headers: { "content-type": "application/x-www-form-urlencoded" } }],
	])("is a POST with %s", async (_name, body, init) => {
		expect((await post(body, init)).status).toBe(400);
		expect(ses.calls()).toHaveLength(0);
	});

	it.each(["", "short", `${token}!`, "A".repeat(22), "A".repeat(10_000)])("is a token that was never issued: %#", async (other) => {
		expect((await post(oneClick(), {}, other)).status).toBe(403);
		expect(ses.calls()).toHaveLength(0);
	});

	it("is a token that vanished between authorizer and handler", async () => {
		dynamo
			.on(GetItemCommand)
			.resolvesOnce({ Item: { address: { S: address } } })
			.resolves({});
		expect((await post(oneClick())).status).toBe(404);
	});
});

describe("a fault of AWS", () => {
	it.each<[string, () => unknown]>([
		["the table throttles", () => dynamo.on(GetItemCommand).rejects(new ProvisionedThroughputExceededException({ message: "slow down", $metadata: {} }))],
		["the list throttles", () => ses.on(CreateContactCommand).rejects(new TooManyRequestsException({ message: "slow down", $metadata: {} }))],
		[
			"the suppression list is denied",
			() => ses.on(PutSuppressedDestinationCommand).rejects(Object.assign(new Error("no"), { name: "AccessDeniedException" })),
		],
		[
			"the token went away",
			() => dynamo.on(UpdateItemCommand).rejects(new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} })),
		],
		["nothing answers", () => ses.on(GetContactCommand).rejects(Object.assign(new Error("timed out"), { name: "TimeoutError" }))],
	])("is not told as success: %s", async (_name, arrange) => {
		arrange();
		expect((await post(oneClick())).status).toBe(500);
	});

	it("leaves the token unmarked, so that the receiver's next try does it all", async () => {
		ses.on(PutSuppressedDestinationCommand).rejects(new TooManyRequestsException({ message: "slow down", $metadata: {} }));
		await post(oneClick());
		expect(dynamo.commandCalls(UpdateItemCommand)).toHaveLength(0);
	});

	it("is a missing setting too", async () => {
		vi.stubEnv("TABLE_NAME", "");
		expect((await post(oneClick())).status).toBe(500);
	});
});

it("logs what happened, and never a token or an address", async () => {
	await post(oneClick());
	await fetch(`${endpoint}?t=${token}`);
	const lines = log.mock.calls.map(([line]) => String(line));
	expect(lines.map((line) => JSON.parse(line))).toEqual([
		{ requestId: "JKJaXmPLvHcESHA=", outcome: "unsubscribed" },
		{ requestId: "JKJaXmPLvHcESHA=", outcome: "asked" },
	]);
	for (const line of lines) for (const secret of [token, tokenSha256, address]) expect(line).not.toContain(secret);
});
