/**
 * Names tried when neither the configuration nor a vendor's pattern gives a selector. Each is one DNS question per
 * domain, so that the list stays at 30: the fixed names of the large mailbox and sending services of US clinics first,
 * then what administrators type. Selectors that carry a date or an account number cannot be guessed. Finding none of
 * these never means "no DKIM".
 */
export const defaultSelectors: readonly string[] = [
	"selector1", // Microsoft 365
	"selector2",
	"google", // Google Workspace
	"s1", // SendGrid
	"s2",
	"k1", // Mailchimp, Mandrill, Mailgun
	"k2",
	"k3",
	"default", // cPanel, Plesk
	"dkim",
	"mail",
	"smtp",
	"smtpapi", // SendGrid, older accounts
	"mandrill",
	"m1", // Marketo and others
	"pm", // Postmark
	"cm", // Campaign Monitor
	"zendesk1",
	"zendesk2",
	"ctct1", // Constant Contact
	"ctct2",
	"fm1", // Fastmail
	"protonmail",
	"sig1", // iCloud Mail with an own domain
	"resend",
	"zoho",
	"key1",
	"dkim1",
	"s1024",
	"s2048",
];

/**
 * A selector that nobody publishes. A zone that answers it with a key or a delegation has a wildcard under _domainkey, so
 * that the answers for guessed names show nothing: only the declared selectors count there.
 */
export const wildcardProbeSelector = "mailward-no-such-selector";
