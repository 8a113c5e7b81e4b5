import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import type { Construct } from "constructs";

/** Where the certificate stands and what it names. */
export interface HostCertificateProps {
	readonly host: string;
	readonly zoneId: string;
	/** Region of the certificate where it is not the provider's. */
	readonly region?: string;
}

/**
 * An ACM certificate of one host, proved by DNS; its children are made in the given scope. Only ACM's CA may issue for the
 * host: a CAA record of its own, whatever the domain's says (RFC 8659 section 3).
 */
export function hostCertificate(scope: Construct, props: HostCertificateProps): { certificate: AcmCertificate; validation: AcmCertificateValidation } {
	const { host, zoneId } = props;
	const region = props.region === undefined ? {} : { region: props.region };
	const authority = new Route53Record(scope, "certificate-authority", {
		zoneId,
		name: host,
		type: "CAA",
		ttl: 3600,
		records: ['0 issue "amazon.com"', '0 issuewild ";"'],
	});
	const certificate = new AcmCertificate(scope, "certificate", {
		...region,
		domainName: host,
		validationMethod: "DNS",
		keyAlgorithm: "RSA_2048",
		options: { certificateTransparencyLoggingPreference: "ENABLED" },
		lifecycle: { createBeforeDestroy: true },
		dependsOn: [authority],
	});
	const proof = certificate.domainValidationOptions.get(0);
	const record = new Route53Record(scope, "certificate-validation-record", {
		zoneId,
		name: proof.resourceRecordName,
		type: proof.resourceRecordType,
		ttl: 300,
		records: [proof.resourceRecordValue],
		allowOverwrite: true,
	});
	const validation = new AcmCertificateValidation(scope, "certificate-validation", {
		...region,
		certificateArn: certificate.arn,
		validationRecordFqdns: [record.fqdn],
	});
	return { certificate, validation };
}
