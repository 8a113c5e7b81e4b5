/**
 * What is known of services that many customers send through: whether a customer can use a domain as MAIL FROM that is not
 * its own. always: the service refuses a domain until its owner proves it. with_record: only under a record of the domain.
 * A service that is not here is not known; nothing passes or fails on that.
 */
export type SharedNetwork = { vendor: string; source: string; asOf: string } & (
	| { verifies: "always" }
	| { verifies: "with_record"; label: string; record: RegExp }
);

export const sharedNetworks: readonly SharedNetwork[] = [
	{
		vendor: "Amazon SES",
		verifies: "always",
		source: "https://docs.aws.amazon.com/ses/latest/dg/verify-addresses-and-domains.html",
		asOf: "2026-11",
	},
	{
		vendor: "MailChannels",
		verifies: "with_record",
		label: "_mailchannels",
		record: /^v=mc1(?: .*)? (?:auth|senderid|sidw)=/i,
		source: "https://docs.mailchannels.com/outbound/domain-lockdown",
		asOf: "2026-11",
	},
];
