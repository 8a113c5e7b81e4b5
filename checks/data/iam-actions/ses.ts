/**
 * Actions of Amazon SES that send mail. Source: AWS Service Authorization Reference, "Actions, resources, and condition keys for
 * Amazon SES" and "... for Amazon Simple Email Service v2" (service prefix ses for both).
 */
export const sesSendingActions = {
	asOf: "2026-11",
	source: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html",
	actions: [
		"ses:SendBounce",
		"ses:SendBulkEmail",
		"ses:SendBulkTemplatedEmail",
		"ses:SendCustomVerificationEmail",
		"ses:SendEmail",
		"ses:SendRawEmail",
		"ses:SendTemplatedEmail",
	],
} as const;
