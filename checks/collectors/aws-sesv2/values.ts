import type { GetConfigurationSetResponse, GetEmailIdentityResponse } from "@aws-sdk/client-sesv2";

/** An identity in the words of aws_sesv2_email_identity. */
export function identityValues(identity: GetEmailIdentityResponse | undefined): Record<string, unknown> {
	const dkim = identity?.DkimAttributes;
	return {
		configuration_set_name: identity?.ConfigurationSetName,
		identity_type: identity?.IdentityType,
		verified_for_sending_status: identity?.VerifiedForSendingStatus,
		verification_status: identity?.VerificationStatus,
		dkim_signing_attributes: dkim && {
			current_signing_key_length: dkim.CurrentSigningKeyLength,
			next_signing_key_length: dkim.NextSigningKeyLength,
			signing_attributes_origin: dkim.SigningAttributesOrigin,
			status: dkim.Status,
			tokens: dkim.Tokens,
			last_key_generation_timestamp: dkim.LastKeyGenerationTimestamp,
		},
	};
}

/** A configuration set in the words of aws_sesv2_configuration_set. */
export function setValues(set: GetConfigurationSetResponse | undefined): Record<string, unknown> {
	return {
		delivery_options: set?.DeliveryOptions && {
			tls_policy: set.DeliveryOptions.TlsPolicy,
			max_delivery_seconds: set.DeliveryOptions.MaxDeliverySeconds,
			sending_pool_name: set.DeliveryOptions.SendingPoolName,
		},
		reputation_options: set?.ReputationOptions && { reputation_metrics_enabled: set.ReputationOptions.ReputationMetricsEnabled },
		sending_options: set?.SendingOptions && { sending_enabled: set.SendingOptions.SendingEnabled },
		suppression_options: set?.SuppressionOptions && { suppressed_reasons: set.SuppressionOptions.SuppressedReasons },
		tracking_options: set?.TrackingOptions && {
			custom_redirect_domain: set.TrackingOptions.CustomRedirectDomain,
			https_policy: set.TrackingOptions.HttpsPolicy,
		},
		vdm_options: set?.VdmOptions && {
			dashboard_options: set.VdmOptions.DashboardOptions && { engagement_metrics: set.VdmOptions.DashboardOptions.EngagementMetrics },
			guardian_options: set.VdmOptions.GuardianOptions && { optimized_shared_delivery: set.VdmOptions.GuardianOptions.OptimizedSharedDelivery },
		},
	};
}
