/** Code of the MtaStsPolicyHost where there is no CloudFront. It stands alone, and reads nothing but its own environment. */

interface HttpResponse {
	statusCode: number;
	headers: Record<string, string>;
	body: string;
}

/** The policy, as plain text (RFC 8461 section 3.2), whoever asks; no redirect, since a sender follows none (section 3.3). */
export async function handler(): Promise<HttpResponse> {
	const body = process.env.POLICY_TEXT;
	if (body === undefined || body === "") throw new Error("POLICY_TEXT is not set");
	return { statusCode: 200, headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", "x-content-type-options": "nosniff" }, body };
}
