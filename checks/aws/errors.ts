import type { EvidenceError } from "../../model/evidence.ts";
import type { ErrorCode } from "../../model/reasons.ts";

/** An answer that lacks what every answer of its operation holds, or pages that never end. */
export class MalformedAnswer extends Error {
	override readonly name = "MalformedAnswer";
}

/** A Region that the account has not enabled; the name is AWS's own for it. */
export class RegionNotEnabled extends Error {
	override readonly name = "OptInRequired";
}

/** Text that came as a bare body and must be JSON: one that was cut on the way throws MalformedAnswer. */
export function wholeJson(text: string | undefined): string | undefined {
	if (text === undefined) return undefined;
	try {
		JSON.parse(text);
		return text;
	} catch (error) {
		if (error instanceof SyntaxError) throw new MalformedAnswer("the document is no JSON");
		throw error;
	}
}

const denied = new Set([
	"AccessDenied",
	"AccessDeniedException",
	"AuthorizationError",
	"AuthorizationErrorException",
	"Forbidden",
	"ForbiddenException",
	"NotAuthorized",
	"NotAuthorizedException",
	"UnauthorizedException",
	"UnauthorizedOperation",
]);

const expired = new Set([
	"AuthFailure",
	"CredentialsProviderError",
	"ExpiredToken",
	"ExpiredTokenException",
	"IncompleteSignature",
	"InvalidAccessKeyId",
	"InvalidClientTokenId",
	"InvalidSignatureException",
	"InvalidToken",
	"MissingAuthenticationToken",
	"RequestExpired",
	"SignatureDoesNotMatch",
	"TokenProviderError",
	"TokenRefreshRequired",
	"UnrecognizedClientException",
]);

const throttled = new Set([
	"BandwidthLimitExceeded",
	"EC2ThrottledException",
	"LimitExceededException",
	"PriorRequestNotComplete",
	"ProvisionedThroughputExceededException",
	"RequestLimitExceeded",
	"RequestThrottled",
	"RequestThrottledException",
	"SlowDown",
	"Throttling",
	"ThrottledException",
	"ThrottlingException",
	"TooManyRequestsException",
	"TransactionInProgressException",
]);

const missing = new Set(["InvalidAction", "UnknownOperation", "UnknownOperationException", "NotImplemented"]);

const network: Record<string, ErrorCode> = {
	TimeoutError: "timeout",
	ETIMEDOUT: "timeout",
	ECONNREFUSED: "refused",
	ECONNRESET: "reset",
	EPIPE: "reset",
	ENOTFOUND: "service_unavailable",
	EAI_AGAIN: "unreachable",
	EHOSTUNREACH: "unreachable",
	ENETUNREACH: "unreachable",
};

/** What an AWS error says of itself, whatever it was thrown as. */
interface Thrown {
	name: string;
	code: string;
	status: number | undefined;
	message: string;
}

/** Why a call gave no answer: a reason code, the IAM action as detail, and AWS's own words cut to a line. */
export function errorOfCall(error: unknown, action: string): EvidenceError {
	const thrown = thrownOf(error);
	const code = codeOf(thrown);
	return { code, detail: action, message: `${action}: ${wordsOf(code, thrown)}` };
}

function codeOf({ name, code, status, message }: Thrown): ErrorCode {
	if (name === "AbortError") return "interrupted";
	if (name === "MalformedAnswer" || name === "SyntaxError") return "malformed";
	if (network[code] !== undefined || network[name] !== undefined) return network[code] ?? network[name] ?? "unreachable";
	if (name === "OptInRequired") return "region_disabled";
	if (denied.has(name)) return "permission_denied";
	if (expired.has(name)) return "credentials_expired";
	if (throttled.has(name) || status === 429) return "throttled";
	if (missing.has(name)) return "service_unavailable";
	if (status !== undefined && status >= 500) return "upstream_error";
	if (status === 403 || status === 401) return "permission_denied";
	// The answer came and could not be read as what it should be.
	if (status === undefined || status < 400 || /deserializ|unexpected (end|token)|parse/i.test(message)) return "malformed";
	return "rejected";
}

export function errorName(error: unknown): string {
	return thrownOf(error).name;
}

function thrownOf(error: unknown): Thrown {
	if (!(error instanceof Error)) return { name: "Error", code: "", status: undefined, message: String(error) };
	const { code, $metadata } = error as Error & { code?: unknown; $metadata?: { httpStatusCode?: number } };
	return { name: error.name, code: typeof code === "string" ? code : "", status: $metadata?.httpStatusCode, message: error.message };
}

function wordsOf(code: ErrorCode, { name, message }: Thrown): string {
	if (code === "malformed") return "the answer could not be read";
	if (code === "interrupted") return "the run was stopped before it was answered";
	// AWS's text is the account's own, and yet text from outside: one line, bounded.
	const line = message.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
	return line === "" ? name : `${name}: ${line.slice(0, 300)}`;
}
