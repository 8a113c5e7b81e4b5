import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const acm = awsApi({ id: "acm", client: "ACMClient", load: () => import("@aws-sdk/client-acm"), concurrency: 4 });

// Without this ACM lists RSA 2048 alone and leaves the rest out in silence.
const keyTypes = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"] as const;

const certificates = table({
	list: listOf(
		acm("ListCertificates", { pages: "NextToken", expects: ["CertificateSummaryList"] }),
		{ Includes: { keyTypes: [...keyTypes] } },
		(page) => page.CertificateSummaryList,
	),
	id: (one) => one.CertificateArn ?? "",
	details: {
		certificate: { operation: acm("DescribeCertificate", { expects: ["Certificate"] }), input: (one) => ({ CertificateArn: one.CertificateArn }) },
	},
	kinds: {
		aws_acm_certificate: {
			of: ["certificate"],
			map: (one, { certificate }) => {
				const seen = certificate?.[0]?.Certificate;
				return {
					id: one.CertificateArn ?? "",
					values: {
						arn: one.CertificateArn,
						id: one.CertificateArn,
						domain_name: seen?.DomainName,
						subject_alternative_names: seen?.SubjectAlternativeNames,
						key_algorithm: seen?.KeyAlgorithm,
						not_after: seen?.NotAfter,
						status: seen?.Status,
						type: seen?.Type,
						validation_method: seen?.DomainValidationOptions?.[0]?.ValidationMethod,
						certificate_authority_arn: seen?.CertificateAuthorityArn,
						options: seen?.Options && {
							certificate_transparency_logging_preference: seen.Options.CertificateTransparencyLoggingPreference,
							export: seen.Options.Export,
						},
					},
				};
			},
		},
		"aws.acm_certificate": {
			of: ["certificate"],
			map: (one, { certificate }) => {
				const seen = certificate?.[0]?.Certificate;
				return {
					id: `${one.CertificateArn}|use`,
					values: {
						arn: one.CertificateArn,
						in_use_by: seen?.InUseBy,
						renewal_eligibility: seen?.RenewalEligibility,
						renewal_status: seen?.RenewalSummary?.RenewalStatus,
					},
				};
			},
		},
	},
});

/** Certificates of ACM; private keys are never to be had. */
export default awsCollector({ id: "aws-acm", tables: [certificates] });
