import { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import { Construct } from "constructs";
import { physicalName } from "../internal/physical-name.ts";
import { checkProp } from "../internal/prop-checks.ts";

export interface DeliverySettingsProps {
	/** Name of the configuration set, as senders give it. @default - the construct's path, such as "mail-settings" */
	readonly configurationSetName?: string;
}

/**
 * SES configuration set that delivers over TLS or not at all, tracks nobody, measures reputation and never writes again to
 * an address that bounced or complained. Its events are recorded by a MailEventTrail: without one,
 * sending.events_published fails.
 *
 * Satisfies: sending.reputation_measured, sending.suppression_enabled, sending.tls_required, sending.tracking_disabled
 */
export class DeliverySettings extends Construct {
	readonly configurationSet: Sesv2ConfigurationSet;

	constructor(scope: Construct, id: string, props: DeliverySettingsProps = {}) {
		super(scope, id);
		checkProp(this, "configurationSetName", props.configurationSetName, (name) => /^[A-Za-z0-9_-]{1,64}$/.test(name), {
			wanted: '1 to 64 letters, digits, "_" and "-"',
			remedy: 'choose a name such as "transactional"',
		});
		this.configurationSet = new Sesv2ConfigurationSet(this, "configuration-set", {
			configurationSetName: props.configurationSetName ?? physicalName(this, 64),
			// SES falls back to clear text under OPTIONAL, its default: 45 CFR 164.312(e)(1).
			deliveryOptions: { tlsPolicy: "REQUIRE" },
			reputationOptions: { reputationMetricsEnabled: true },
			suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
			// Written out, so that turning engagement tracking on for the account does not reach this set.
			vdmOptions: { dashboardOptions: { engagementMetrics: "DISABLED" } },
		});
	}
}
