import type { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import { Sesv2EmailIdentityFeedbackAttributes } from "@cdktf/provider-aws/lib/sesv2-email-identity-feedback-attributes/index.js";
import { Sesv2EmailIdentityMailFromAttributes } from "@cdktf/provider-aws/lib/sesv2-email-identity-mail-from-attributes/index.js";
import { Construct } from "constructs";
import { domainRule, isDomain, isLabels } from "../internal/domain-name.ts";
import { checkProp } from "../internal/prop-checks.ts";

export interface SendingIdentityProps {
	/** Domain that mail is sent from, in A-label form, such as "clinic.example". */
	readonly domain: string;
	/** Set whose TLS policy and events apply to mail that names no set: that of a DeliverySettings. */
	readonly configurationSet: Sesv2ConfigurationSet;
	/**
	 * Label of the MAIL FROM domain below the domain. It needs an MX record of its own and must not be used for anything else.
	 * @default "bounce"
	 */
	readonly mailFromSubdomain?: string;
}

/**
 * SES identity of a domain: 2048-bit Easy DKIM, a default configuration set, its own MAIL FROM domain without which mail is
 * refused, and no bounces by e-mail. Its DNS records are those of a MailDomainDns, or for the owner of the zone to publish.
 *
 * Satisfies: sending.default_configuration_set, sending.dkim_key_length, sending.feedback_forwarding_off,
 * sending.mail_from_rejects, sending.no_public_identity_policy
 *
 * Meets: SES-01, SES-12
 */
export class SendingIdentity extends Construct {
	readonly identity: Sesv2EmailIdentity;
	readonly mailFrom: Sesv2EmailIdentityMailFromAttributes;
	readonly feedback: Sesv2EmailIdentityFeedbackAttributes;

	constructor(scope: Construct, id: string, props: SendingIdentityProps) {
		super(scope, id);
		checkProps(this, props);
		this.identity = new Sesv2EmailIdentity(this, "identity", {
			emailIdentity: props.domain,
			configurationSetName: props.configurationSet.configurationSetName,
			dkimSigningAttributes: { nextSigningKeyLength: "RSA_2048_BIT" },
		});
		this.mailFrom = new Sesv2EmailIdentityMailFromAttributes(this, "mail-from", {
			emailIdentity: this.identity.emailIdentity,
			mailFromDomain: `${props.mailFromSubdomain ?? "bounce"}.${props.domain}`,
			// Under USE_DEFAULT_VALUE a lost MX record silently ends SPF alignment.
			behaviorOnMxFailure: "REJECT_MESSAGE",
		});
		// A forwarded bounce carries the message into a mailbox outside the mail system's controls.
		this.feedback = new Sesv2EmailIdentityFeedbackAttributes(this, "feedback", { emailIdentity: this.identity.emailIdentity, emailForwardingEnabled: false });
	}
}

function checkProps(scope: Construct, props: SendingIdentityProps): void {
	checkProp(scope, "domain", props.domain, isDomain, domainRule);
	checkProp(scope, "mailFromSubdomain", props.mailFromSubdomain, isLabels, {
		wanted: "one or more labels of letters, digits and hyphens",
		remedy: 'give the part below the domain only, such as "bounce"',
	});
}
