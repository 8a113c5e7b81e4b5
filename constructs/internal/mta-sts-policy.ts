import { createHash } from "node:crypto";
import { Fn, TerraformLocal, Token } from "cdktf";
import type { Construct } from "constructs";
import { domainRule, isDomain } from "./domain-name.ts";
import { checkProp, checkPropList, isWholeNumber, propError } from "./prop-checks.ts";

/** What an MTA-STS policy says: the same props give its text and the id of its record, so the two always agree. */
export interface MtaStsPolicyProps {
	/** Hosts that receive the domain's mail, by order of preference; "*." may stand for one label, such as "*.mail.example". */
	readonly mxHosts?: readonly string[];
	/**
	 * "testing" reports what "enforce" would refuse: for the first weeks, while TLS reports are read.
	 * @default "enforce"
	 */
	readonly mtaStsMode?: "enforce" | "testing";
	/** Seconds that senders keep the policy: 1209600 (two weeks) to 31557600; from 86400 while testing. @default 2419200 (four weeks) */
	readonly mtaStsMaxAgeSeconds?: number;
}

/** RFC 8461 section 3.2. */
const longestSeconds = 31_557_600;

/** Text of the policy, or undefined for a domain that receives no mail. Throws on what no sender would honour. */
export function mtaStsPolicyText(scope: Construct, props: MtaStsPolicyProps): string | undefined {
	const { mxHosts, mtaStsMode = "enforce", mtaStsMaxAgeSeconds = 2_419_200 } = props;
	const shortestSeconds = mtaStsMode === "testing" ? 86_400 : 1_209_600;
	checkPropList(scope, "mxHosts", mxHosts, (host) => isDomain(host.replace(/^\*\./, "")), domainRule);
	checkProp(scope, "mtaStsMode", mtaStsMode, (mode) => mode === "enforce" || mode === "testing", {
		wanted: '"enforce" or "testing"',
		remedy: "leave it out to enforce; a policy that protects nothing is not published",
	});
	checkProp(scope, "mtaStsMaxAgeSeconds", mtaStsMaxAgeSeconds, (seconds) => isWholeNumber(seconds, shortestSeconds, longestSeconds), {
		wanted: `a whole number of seconds from ${shortestSeconds} to ${longestSeconds} in mode ${mtaStsMode}`,
		remedy: "leave it out for four weeks",
	});
	if (mxHosts === undefined) {
		if (props.mtaStsMode === undefined && props.mtaStsMaxAgeSeconds === undefined) return undefined;
		throw propError(scope, "mxHosts", mxHosts, { wanted: "given where MTA-STS is", remedy: "name the hosts that receive the domain's mail" });
	}
	if (Token.isUnresolved(mxHosts)) {
		throw propError(scope, "mxHosts", "a list that only Terraform knows", { wanted: "a list known at synthesis", remedy: "its elements may be variables" });
	}
	const lines = ["version: STSv1", `mode: ${mtaStsMode}`, ...mxHosts.map((host) => `mx: ${host}`), `max_age: ${mtaStsMaxAgeSeconds}`];
	return `${lines.join("\n")}\n`;
}

/** An id that changes with the text and with nothing else: 32 letters and digits, as RFC 8461 section 3.1 allows. */
export function mtaStsPolicyId(scope: Construct, text: string): string {
	if (Token.isUnresolved(text)) return Fn.substr(Fn.sha256(new TerraformLocal(scope, "mta-sts-policy-text", text).asString), 0, 32);
	return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
