import { allowsOnly, grantsOf, type OnlyAnswer, type Policy } from "../protocols/iam/index.ts";

/** Whether policies give ses:SendRawEmail by name: keys of such users are what SMTP passwords of SES are made from. */
export function sendsBySmtp(policies: readonly Policy[]): boolean {
	return grantsOf(policies).some(({ effect, actions }) => effect === "Allow" && actions.some((action) => /^ses:sendrawemail$/i.test(action)));
}

/** What policies give besides. */
export function beyondSmtp(policies: readonly Policy[]): OnlyAnswer["others"] {
	return allowsOnly(policies, ["ses:SendRawEmail"]).others;
}
