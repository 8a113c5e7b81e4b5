import type { IncomingMessage, ServerResponse } from "node:http";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SignedClient, type SignedCommand } from "../../checks/aws/signed.ts";
import { forward, type Loopback, listen } from "./loopback.ts";

/** What the front does to one operation of the emulator behind it. */
export type Fault = "denied" | "throttled" | "broken" | "empty" | "cut" | "silent";
export const faults: readonly Fault[] = ["denied", "throttled", "broken", "empty", "cut", "silent"];

const header = "x-test-operation";

/** Makes every client of the SDK say in a header which operation it calls: paths and bodies tell it in five different ways. */
export function nameOperations(): () => void {
	const base = Object.getPrototypeOf(SESv2Client.prototype) as { send(command: object, ...more: unknown[]): unknown };
	const { send } = base;
	base.send = function (this: unknown, command, ...more) {
		const named = command as { middlewareStack: { add(middleware: unknown, options: object): void } };
		const middleware = (next: (args: unknown) => unknown) => (args: { request: { headers: Record<string, string> } }) => {
			args.request.headers[header] = command.constructor.name.replace(/Command$/, "");
			return next(args);
		};
		named.middlewareStack.add(middleware, { step: "build", name: "nameOperation", override: true });
		return send.call(this, command, ...more);
	};
	const signed = SignedClient.prototype;
	const { send: sendSigned } = signed;
	signed.send = function (command, options) {
		const { name, request } = command as SignedCommand;
		return sendSigned.call(this, { name, request: { ...request, headers: { ...request.headers, [header]: name } } }, options);
	};
	return () => {
		base.send = send;
		signed.send = sendSigned;
	};
}

export interface Front extends Loopback {
	/** Which operation fails, and how; undefined: none. */
	fail: { operation: string; fault: Fault } | undefined;
}

/** Hands all on to the emulator but the operation that is to fail. */
export async function startFront(emulator: string): Promise<Front> {
	const loopback = await listen((incoming, outgoing) => {
		const operation = incoming.headers[header];
		const fault = front.fail?.operation === operation ? front.fail?.fault : undefined;
		if (fault === "silent") return;
		if (fault === "denied" || fault === "throttled" || fault === "broken") refuse(incoming, outgoing, fault);
		else if (fault === undefined) forward(emulator, incoming, outgoing);
		else forward(emulator, incoming, outgoing, { change: ({ body }) => ({ status: 200, body: fault === "empty" ? emptied(incoming, body) : half(body) }) });
	});
	const front: Front = { ...loopback, fail: undefined };
	return front;
}

const answers = {
	denied: { status: 403, xml: "AccessDenied", json: "AccessDeniedException" },
	throttled: { status: 400, xml: "Throttling", json: "ThrottlingException" },
	broken: { status: 500, xml: "InternalFailure", json: "InternalFailure" },
};

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, fault: keyof typeof answers): void {
	const { status, xml, json } = answers[fault];
	incoming.resume().on("end", () => {
		if (isCbor(incoming)) {
			outgoing.writeHead(status, { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" });
			outgoing.end(Buffer.concat([Buffer.from([0xa2]), cborText("__type"), cborText(json), cborText("message"), cborText("made by a test")]));
		} else if (isXml(incoming)) {
			outgoing.writeHead(status, { "content-type": "application/xml" });
			const error = `<Error><Type>Sender</Type><Code>${xml}</Code><Message>made by a test</Message></Error>`;
			outgoing.end(serviceOf(incoming) === "s3" ? error : `<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>`);
		} else {
			outgoing.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": json });
			outgoing.end(JSON.stringify({ __type: json, message: "made by a test" }));
		}
	});
}

function half(whole: Buffer): Buffer {
	return whole.subarray(0, Math.max(1, Math.floor(whole.length / 2)));
}

/** A body of the right form that says nothing. */
function emptied(incoming: IncomingMessage, whole: Buffer): Buffer {
	if (isCbor(incoming)) return Buffer.from([0xa0]);
	if (!isXml(incoming)) return Buffer.from("{}");
	const root = /<([A-Za-z]+)[\s>]/.exec(whole.toString("utf8").replace(/<\?[^>]*\?>/, ""))?.[1] ?? "Empty";
	const result = `${root.replace(/Response$/, "")}Result`;
	return Buffer.from(root.endsWith("Response") ? `<${root}><${result}></${result}></${root}>` : `<${root}></${root}>`);
}

const xmlServices = new Set(["s3", "iam", "sts", "sns", "cloudfront", "route53", "ec2"]);

/** SES v1 speaks the Query protocol under one service name with v2, which speaks JSON. */
function isXml(incoming: IncomingMessage): boolean {
	const query = /urlencoded/.test(incoming.headers["content-type"] ?? "");
	return query || xmlServices.has(serviceOf(incoming));
}

function isCbor(incoming: IncomingMessage): boolean {
	return incoming.headers["smithy-protocol"] === "rpc-v2-cbor";
}

function serviceOf(incoming: IncomingMessage): string {
	return /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\//.exec(incoming.headers.authorization ?? "")?.[1] ?? "";
}

function cborText(text: string): Buffer {
	const octets = Buffer.from(text);
	if (octets.length > 255) throw new Error("no such long text is needed");
	return Buffer.concat([octets.length < 24 ? Buffer.from([0x60 | octets.length]) : Buffer.from([0x78, octets.length]), octets]);
}
