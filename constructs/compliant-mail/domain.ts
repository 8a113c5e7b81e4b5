import type { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import type { Construct } from "constructs";
import { propError } from "../internal/prop-checks.ts";
import { MailDomainDns } from "../mail-domain-dns/index.ts";
import { MtaStsPolicyHost } from "../mta-sts-policy-host/index.ts";
import { SenderRole } from "../sender-role/index.ts";
import { SendingIdentity } from "../sending-identity/index.ts";
import { ZoneProtection } from "../zone-protection/index.ts";
import { defined } from "./defined.ts";
import type { MailDomain } from "./props.ts";

/** What a domain has of its own; key, events, trail and alarms it shares with the others of its CompliantMail. */
export interface MailDomainParts {
	readonly domain: string;
	readonly identity: SendingIdentity;
	readonly sender: SenderRole;
	readonly dns: MailDomainDns;
	readonly mtaSts: MtaStsPolicyHost | undefined;
	readonly zone: ZoneProtection | undefined;
}

/** Makes a domain's parts as children of the scope. */
export function mailDomain(scope: Construct, props: MailDomain, configurationSet: Sesv2ConfigurationSet): MailDomainParts {
	const { domain, hostedZoneId } = props;
	for (const prop of ["publishMx", "mtaStsMode", "mtaStsPolicyHost"] as const) {
		if (props[prop] !== undefined && props.mxHosts === undefined) {
			throw propError(scope, prop, props[prop], { wanted: "left out without mxHosts", remedy: "name the hosts that receive the domain's mail" });
		}
	}
	const identity = new SendingIdentity(scope, "identity", { domain, configurationSet });
	const sender = new SenderRole(scope, "sender", {
		identity: identity.identity,
		configurationSet,
		...defined({ fromAddresses: props.fromAddresses, sender: props.sender }),
	});
	const mtaStsProps = { domain, hostedZoneId, ...defined({ mtaStsMode: props.mtaStsMode }) };
	const dns = new MailDomainDns(scope, "dns", {
		...mtaStsProps,
		identity: identity.identity,
		mailFrom: identity.mailFrom,
		...defined({
			mxHosts: props.mxHosts,
			publishMx: props.publishMx,
			reportAddresses: props.reportAddresses,
			spfIncludes: props.spfIncludes,
			domainTexts: props.domainTexts,
			certificateAuthorities: props.certificateAuthorities,
		}),
	});
	const mtaSts =
		props.mxHosts === undefined || props.mtaStsPolicyHost === false
			? undefined
			: new MtaStsPolicyHost(scope, "mta-sts", { ...mtaStsProps, mxHosts: props.mxHosts });
	const zone = props.zoneProtection === true ? new ZoneProtection(scope, "zone", { hostedZoneId }) : undefined;
	return { domain, identity, sender, dns, mtaSts, zone };
}
