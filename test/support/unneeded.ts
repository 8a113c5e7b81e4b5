import type { Evidence } from "../../model/evidence.ts";
import type { Mutation } from "./mutations.ts";

/**
 * Items in the basis of a passing verdict that it survives, each with the reason why it truly cannot matter. An entry that no
 * case uses any more is refused by the test.
 */
export interface Unneeded {
	checks: RegExp;
	/** Kinds of the items; for listings, the kind that is listed. */
	kinds: RegExp;
	ids?: RegExp;
	mutations: readonly Mutation[];
	/** For listings instead of items. */
	listing?: true;
	why: string;
}

export const unneeded: readonly Unneeded[] = [
	{
		checks: /^functions\.vulnerabilities_(?:looked_for|fixed)$/,
		kinds: /^aws\.inspector_coverage$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a function that Inspector names as covered is, whatever else its list would hold",
	},
	{
		checks: /^sending\.regions_approved$/,
		kinds: /^aws\.ses_region_(?:receiving|archives)$/,
		mutations: ["drop and uncount"],
		why: "an approved Region may hold what it will",
	},
	{
		checks: /^(?:dns\.(?:ipv6_reachable|servers_agree|routes_covered)|spf\.record_size)$/,
		kinds: /^routing\.origin$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a route that was read is told by its own item, and what servers answer does not rest on routes",
	},
	{
		checks: /^sending\.identity_records$/,
		kinds: /^aws_route53_record$/,
		mutations: ["drop and uncount"],
		why: "a domain without an MX record receives no mail, and is not asked for what protects that",
	},
	{
		checks: /^alarms\.(security_events|ses_changes)_watched$/,
		kinds: /^aws_ses(v2)?_\w+$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "an event that raises an alarm does so whatever sends in the account",
	},
	{
		checks: /^sending\.identity_records$/,
		kinds: /^aws_route53_zone$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a record whose full name is known is the domain's, whatever zones are listed",
	},
	{
		checks: /^sending\.events_stored$/,
		kinds: /^aws_(cloudfront_distribution|cloudtrail|config_delivery_channel|s3_bucket_logging|s3_bucket_replication_configuration|ses_receipt_rule)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "what else is written to the bucket decides which of its rules reach a prefix, and here there is none",
	},
	{
		checks: /^logs\.personal_data_masked$/,
		kinds: /^aws_cloudwatch_log_account_policy$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a group that masks what must be masked does so whatever further policies there are",
	},
	{
		checks: /^alarms\.(security_events|ses_changes)_watched$/,
		kinds: /^aws_cloudtrail$/,
		listing: true,
		mutations: ["drop"],
		why: "a plan without a list of trails makes none: its filters are on the log group of another stack's trail",
	},
	{
		checks: /^inbound\.stored_under_own_key$/,
		kinds: /^aws_ses_active_receipt_rule_set$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a rule that stores mail as it should does so whether or not its set is the active one",
	},
	{
		checks: /^inbound\.stored_under_own_key$/,
		kinds: /^aws_ses_active_receipt_rule_set$/,
		mutations: ["drop"],
		why: "a rule that stores mail as it should does so whether or not its set is the active one",
	},
	{
		checks: /^keys\.in_use_enabled$/,
		kinds:
			/^aws_(cloudtrail|cloudwatch_(event_archive|event_bus|log_group)|dynamodb_table|kinesis_(firehose_delivery_)?stream|lambda_function|mailmanager_archive|s3_bucket(_server_side_encryption_configuration)?|secretsmanager_secret|sns_topic|sqs_queue)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a store's key is judged whatever other stores there are: a kind that was not listed is a gap of its own",
	},
	{
		checks: /^vendors\.aws_services_covered$/,
		kinds: /^aws_/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a service that is seen to be in use and covered is so whatever else could not be listed",
	},
	{
		checks: /^buckets\.kept_six_years$/,
		kinds: /^aws_s3_bucket_lifecycle_configuration$/,
		mutations: ["drop and uncount"],
		why: "a bucket that is seen to have no rules deletes nothing",
	},
	{
		checks: /^buckets\.(access_logged|encrypted|kept_six_years|objects_locked|second_copy)$/,
		kinds:
			/^aws_(cloudfront_distribution|cloudtrail|config_delivery_channel|kinesis_firehose_delivery_stream|s3_bucket_logging|s3_bucket_replication_configuration|ses_receipt_rule)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a bucket that is set as it should be is so whatever it holds: what writes to it tells only whether it is in scope",
	},
	{
		checks: /^buckets\.(access_logged|encrypted|kept_six_years|objects_locked|second_copy)$/,
		kinds:
			/^aws_(cloudfront_distribution|cloudtrail|config_delivery_channel|kinesis_firehose_delivery_stream|s3_bucket_logging|s3_bucket_replication_configuration|ses_receipt_rule)$/,
		mutations: ["drop", "drop and uncount", "error"],
		why: "a bucket that is set as it should be is so whichever of its writers can be read",
	},
	{
		checks: /^iam\.(no_administrators|no_whole_services|decryption_names_keys|sending_permissions_narrow)$/,
		kinds: /^aws_iam_role$/,
		mutations: ["drop and uncount", "error"],
		why: "what gives too little to fail does so whoever holds it",
	},
	{
		checks: /^iam\.(admin_roles_demand_mfa|changes_denied_without_mfa)$/,
		kinds: /^aws_iam_\w*policy$/,
		mutations: ["error"],
		why: "the trust policy and the denial stand whatever else the role may do",
	},
	{
		checks: /^iam\.no_login_profiles$/,
		kinds: /^aws_iam_user$/,
		mutations: ["drop and uncount", "error"],
		why: "the password itself names its user",
	},
	{
		checks: /^iam\.(admin_roles_demand_mfa|changes_denied_without_mfa|no_administrators|no_whole_services|decryption_names_keys|sending_permissions_narrow)$/,
		kinds: /^aws_cloudwatch_(log_metric_filter|metric_alarm|event_rule|event_target)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "what needs no excuse passes whether or not its role is for emergencies",
	},
	{
		checks:
			/^(buckets|event_buses|functions|keys|queues|secrets|sending|topics)\.(no_public_\w+|\w*known_accounts|services_bound|duties_separated|ses_bound_to_rules)$/,
		kinds: /(_policy|_permission)$/,
		mutations: ["drop and uncount"],
		why: "a resource that is seen to have no policy, or one less, admits nobody by it",
	},
	{
		checks: /^event_buses\.(no_public_policy|only_known_accounts)$/,
		kinds: /^aws_sesv2_configuration_set_event_destination$/,
		mutations: ["drop", "error"],
		why: "a bus that admits nobody else is closed whether or not events of SES pass it",
	},
	{
		checks: /^event_buses\.(no_public_policy|only_known_accounts)$/,
		kinds: /^aws_sesv2_configuration_set_event_destination$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "destinations that were not listed leave open whether events of SES pass the bus, which is closed either way",
	},
	{
		checks: /^keys\.mail_services_only$/,
		kinds:
			/^aws_(kinesis_firehose_delivery_stream|mailmanager_archive|s3_bucket\w*|ses_event_destination|ses_receipt_rule|sesv2_configuration_set_event_destination|sns_topic)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a key that admits the services of mail alone does so whatever else is under it",
	},
	{
		checks: /^queues\.dead_letter_queue$/,
		kinds: /^aws_(cloudwatch_event_bus|cloudwatch_event_target|lambda_function\w*|sns_topic_subscription)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a queue that names its dead-letter queue keeps what fails, whoever else names it as theirs",
	},
	{
		checks: /^records\.(disclosure|incident|opt_out|sanction)_kept$/,
		kinds: /^record\.(disclosure|incident|opt-out|sanction|statement)$/,
		mutations: ["drop and uncount"],
		why: "a log is kept if it holds an entry or says of which period it holds none: either is enough",
	},
	{
		checks: /^records\.(disclosure|incident|opt_out|sanction)_current$/,
		kinds: /^record\.(disclosure|incident|opt-out|sanction)$/,
		mutations: ["drop and uncount"],
		why: "the age of a log is that of its statement; each entry is judged on its own",
	},
	{
		checks: /^certificate\.(in_date|names_host|strong)$/,
		kinds: /^config\.trust_anchor$/,
		mutations: ["drop and uncount"],
		why: "dates, names and strength of the leaf are judged whatever root it leads to: fewer roots, seen to be fewer, change nothing",
	},
	{
		checks: /^mta_sts\.(policy_served|record_published)$/,
		kinds: /^config\.trust_anchor$/,
		mutations: ["drop and uncount"],
		why: "the record and the HTTP status are judged whatever root the certificate leads to; mta_sts.policy_host_certificate judges that",
	},
	{
		checks: /^mta_sts\.record_published$/,
		kinds: /^(https\.mta_sts_policy|config\.trust_anchor)$/,
		mutations: ["drop and uncount", "error"],
		why: "the record stands in DNS; what the policy host answered is judged by mta_sts.policy_served and policy_valid",
	},
	{
		checks: /^mta_sts\.(?!covers_mx$)/,
		kinds: /^dns\.mx$/,
		mutations: ["drop and uncount", "error"],
		why: "only mta_sts.covers_mx compares the policy with the MX hosts",
	},
	{
		checks: /^dkim\.key_published$/,
		kinds: /^dns\.txt$/,
		ids: /\._domainkey\./,
		mutations: ["drop and uncount", "error"],
		why: "one usable key under a declared selector proves it; the guesses and the wildcard probe could only add others",
	},
	{
		checks: /^mx\.hosts_resolve$/,
		kinds: /^dns\.(a|aaaa)$/,
		mutations: ["drop and uncount", "error"],
		why: "a host with an address of one family can be reached: the other family is a second proof",
	},
	{
		checks: /^mx\.plain_hosts$/,
		kinds: /^dns\.(a|aaaa)$/,
		mutations: ["drop and uncount", "error"],
		why: "an alias shows in the answer for either family (RFC 1034 3.6.2): one that names no CNAME is proof enough",
	},
	{
		checks: /^sending\.tracking_disabled$/,
		kinds: /^aws_(sesv2_configuration_set(_event_destination)?|ses_configuration_set|ses_event_destination)$/,
		mutations: ["drop and uncount", "error"],
		why: "set and destination are judged each on its own values; the verdict on one cites the other because it names it",
	},
	{
		checks: /^vendors\.none_left_over$/,
		kinds: /^record\.baa$/,
		mutations: ["drop and uncount"],
		why: "a register seen to hold no row for the vendor holds no row that has ended: vendors.declared judges the want of one",
	},
	{
		checks: /^vendors\.all_seen$/,
		kinds: /^config\.trust_anchor$/,
		mutations: ["drop and uncount"],
		why: "fewer roots, seen to be fewer, leave nothing unread",
	},
	{
		checks: /^vendors\.(baa_offered|declared|none_left_over|plan_proven)$/,
		kinds: /^(https\.mta_sts_policy|config\.trust_anchor)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "the vendor shows by other signals; what may hide in the policy that was not read is vendors.all_seen's gap",
	},
	{
		checks: /^bimi\.(logo_valid|record_valid)$/,
		kinds: /^dns\.txt$/,
		ids: /^_dmarc\./,
		mutations: ["drop and uncount", "error"],
		why: "whether DMARC is enforced is judged by bimi.record_valid, on the nearest record of the walk: what stands above it and what the logo looks like do not meet",
	},
	{
		checks: /^caa\.(issuers|smime)_restricted$/,
		kinds: /^dns\.(mx|txt)$/,
		mutations: ["drop and uncount", "error"],
		why: "each name is judged on the set that its own climb finds; an MX or MTA-STS answer that was not read stands as an item of its own, not assessed",
	},
	{
		checks: /^bimi\.record_valid$/,
		kinds: /^(https\.bimi|config\.trust_anchor|config\.mark_anchor)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "the record and the policies stand in DNS; the files that the record names are judged by bimi.logo_valid",
	},
	{
		checks: /^bimi\.logo_valid$/,
		kinds: /^config\.mark_anchor$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a logo without a mark certificate rests on no mark authority; with one, roots that are not at hand leave certificate.trusted open",
	},
	{
		checks: /^bimi\.logo_valid$/,
		kinds: /^config\.trust_anchor$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a chain that leads to one of the roots that were read is trusted, whatever others there may be",
	},
	{
		checks: /^caa\.(issuers|smime)_restricted$/,
		kinds: /^(https\.mta_sts_policy|config\.trust_anchor|tls\.session)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "the set in DNS is what restricts: a certificate that was seen can only add a finding to it",
	},
	{
		checks: /^caa\.issuers_restricted$/,
		kinds: /^(config\.trust_anchor|tls\.session)$/,
		mutations: ["drop", "drop and uncount", "error"],
		why: "a certificate that was not seen takes nothing from the set in DNS, and adds no finding",
	},
	{
		checks: /^dkim\.ed25519_paired$/,
		kinds: /^dns\.txt$/,
		ids: /\._domainkey\./,
		mutations: ["drop and uncount", "error"],
		why: "one RSA key beside the Ed25519 key is the pair: the other selectors could only add more",
	},
	{
		checks: /^dkim\.keys_not_shared$/,
		kinds: /^dns\.txt$/,
		ids: /\._domainkey\./,
		mutations: ["drop and uncount", "error"],
		why: "a usual selector that was not asked says nothing, and the wildcard probe holds no key",
	},
	{
		checks: /^dkim\.no_revoked_in_use$/,
		kinds: /^dns\.txt$/,
		ids: /\._domainkey\./,
		mutations: ["drop and uncount", "error"],
		why: "a usual selector that is not declared is not in use; the wildcard probe is no selector",
	},
	{
		checks: /^(dkim\.signatures_cover|dmarc\.messages_aligned)$/,
		kinds: /^dns\.txt$/,
		ids: /(^_dmarc\.|\._domainkey\.)/,
		mutations: ["drop and uncount", "error"],
		why: "the signature was verified as the message came in; the key today, and the policy above it, do not change which headers it covers nor that the names are the same",
	},
	{
		checks: /^(dmarc\.(failure_reports_private|report_mailboxes_exist|report_receivers_agree)|vendors\.report_receivers_registered)$/,
		kinds: /^dns\.(a|aaaa|mx|txt)$/,
		mutations: ["drop and uncount", "error"],
		why: "each destination is judged on one question: its agreement, its mailbox or its consent; the items of the other questions are those of its neighbours",
	},
	{
		checks: /^(dmarc\.failure_reports_private|vendors\.(report_receivers_registered|tracking_hosts|mailbox_behind_filter|unseen_explained))$/,
		kinds: /^record\.baa$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "an own name needs no row, and a row that was read proves itself: another row takes nothing from it",
	},
	{
		checks: /^dmarc\.organizational_domain$/,
		kinds: /^dns\.txt$/,
		ids: /^(?!_dmarc\.(?!_dmarc\.))/,
		mutations: ["drop and uncount", "error"],
		why: "stray records are judged by dmarc.record_place: the walk asks the names at _dmarc alone",
	},
	{
		checks: /^dmarc\.record_place$/,
		kinds: /^dns\.txt$/,
		ids: /^_dmarc\.(?!_dmarc\.)/,
		mutations: ["drop and uncount", "error"],
		why: "the record at its right place is judged by dmarc.record_published: this looks at the wrong ones",
	},
	{
		checks: /^dmarc\.reject_with_dkim$/,
		kinds: /^dns\.txt$/,
		ids: /\._domainkey\./,
		mutations: ["drop and uncount", "error"],
		why: "one usable key is what the policy rests on: the other selectors could only add more",
	},
	{
		checks: /^(dns\.(ipv6_reachable|routes_covered)|spf\.record_size)$/,
		kinds: /^dns\.authority$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "servers that are not in the list answered nothing that is needed: an IPv6 address is proven by its own answer, a route by its own state, and 450 octets fit every datagram",
	},
	{
		checks: /^dns\.ipv6_reachable$/,
		kinds: /^smtp\.starttls$/,
		mutations: ["drop", "drop and uncount", "error"],
		why: "what answered over IPv4 proves nothing about IPv6",
	},
	{
		checks: /^dns\.ipv6_reachable$/,
		kinds: /^smtp\.starttls$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "each IPv6 address is looked for by itself; one without an item is a gap",
	},
	{
		checks: /^dns\.routes_covered$/,
		kinds: /^dns\.(aaaa|ns)$/,
		mutations: ["drop and uncount", "error"],
		why: "each address is judged on its own route; addresses that could not be looked up stand as an item of their own, not assessed",
	},
	{
		checks: /^dns\.servers_agree$/,
		kinds: /^dns\.(mx|ns)$/,
		mutations: ["drop and uncount", "error"],
		why: "the servers are compared by what each of them answered itself",
	},
	{
		checks: /^dns\.servers_agree$/,
		kinds: /^dns\.authority$/,
		ids: /^ns3\./,
		mutations: ["drop", "drop and uncount", "error"],
		why: "two servers that agree are proof; a third that was silent before may be silent again",
	},
	{
		checks: /^mta_sts\.policy_plain$/,
		kinds: /^config\.trust_anchor$/,
		mutations: ["drop and uncount"],
		why: "the content type is judged whatever root the certificate leads to",
	},
	{
		checks: /^mx\.(not_blocklisted|reverse_names)$/,
		kinds: /^dns\.(aaaa|ptr|txt)$/,
		mutations: ["drop and uncount", "error"],
		why: "each address is judged on its own answers; a family or an SPF record that could not be looked up stands as an item of its own, not assessed",
	},
	{
		checks: /^spf\.(?!no_leftovers$).*$/,
		kinds: /^dns\.spf$/,
		mutations: ["drop and uncount", "error"],
		why: "receivers no longer evaluate type 99 (RFC 7208 3.1): spf.no_leftovers alone judges it",
	},
	{
		checks: /^spf\.(lookup_limit|mx_names|record_size|syntax_valid)$/,
		kinds: /^dns\.(a|aaaa|mx|ns)$/,
		mutations: ["drop and uncount", "error"],
		why: "terms, MX names and octets are counted on the records that hold them: where their names lead is judged by other checks",
	},
	{
		checks: /^spf\.shared_senders$/,
		kinds: /^dns\.txt$/,
		mutations: ["drop and uncount", "error"],
		why: "either the service verifies who sends, or every message is signed under an enforced policy: one is proof without the other, and the addresses behind the include are not asked for",
	},
	{
		checks: /^detection\.guardduty_watches_s3$/,
		kinds: /^aws_guardduty_detector_feature$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a feature that was seen to be on is proof: others that were not listed take nothing from it",
	},
	{
		checks: /^topics\.(events_delivered_privately|failures_kept|failures_logged)$/,
		kinds: /^aws_(ses|sesv2|cloudwatch_event|lambda|s3|sqs|kinesis)_/,
		mutations: ["error"],
		why: "what is well kept passes whether or not mail passes through it: by which link it comes matters to a failure alone, which is then not assessed",
	},
	{
		checks: /^vendors\.(carriers_declared|mailbox_behind_filter|unseen_explained)$/,
		kinds: /^dns\.(cname|mx|txt)$/,
		mutations: ["drop and uncount", "error"],
		why: "the vendor shows by another signal or its row has a note; what may hide in a name that was not read is the gap of vendors.all_seen",
	},
	{
		checks: /^vendors\.(carriers_declared|mailbox_behind_filter|unseen_explained)$/,
		kinds: /^record\.baa$/,
		mutations: ["drop and uncount"],
		why: "a register seen to hold one row less still holds the row that answers",
	},
	{
		checks: /^vendors\.(baa_offered|carriers_declared|declared|mailbox_behind_filter|no_useless_include|none_left_over|plan_proven|unseen_explained)$/,
		kinds: /^(https\.mta_sts_policy|config\.trust_anchor)$/,
		mutations: ["drop", "drop and uncount", "error"],
		why: "what may hide in the policy that was not read is the gap of vendors.all_seen",
	},
	{
		checks: /^vendors\.(carriers_declared|mailbox_behind_filter|no_useless_include|unseen_explained)$/,
		kinds: /^(https\.mta_sts_policy|config\.trust_anchor)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "who shows in DNS shows whatever the policy says; what may hide in it is the gap of vendors.all_seen",
	},
	{
		checks: /^vendors\.delegations_live$/,
		kinds: /^dns\.(aaaa|cname)$/,
		mutations: ["drop and uncount", "error"],
		why: "an alias that leads to an address of one family is live: the other family, and the bare alias, are second proofs",
	},
	{
		checks: /^sending\.mail_archived$/,
		kinds: /^aws_mailmanager_archive$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "the archive that a set names was seen, whatever other archives there are",
	},
	{
		checks: /^drift\.resources_present$/,
		kinds: /^aws_s3_bucket/,
		mutations: ["drop"],
		why: "a resource is there or not whatever became of another",
	},
	{
		checks: /^drift\./,
		kinds: /^aws_/,
		listing: true,
		mutations: ["drop", "error"],
		why: "what was found is compared with what was found, whatever else could not be listed",
	},
	{
		checks: /^functions\.vulnerabilities_looked_for$/,
		kinds: /^aws\.inspector_finding$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "that somebody looks is told whatever he finds",
	},
	{
		checks: /^account\.addendum_active$/,
		kinds: /^aws\.organization$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "an addendum of the account stands without its organization, and one of the organization names it",
	},
	{
		checks: /^(detection\.findings_answered|functions\.vulnerabilities_fixed)$/,
		kinds: /^aws\.(guardduty|inspector)_finding$/,
		mutations: ["drop and uncount"],
		why: "one finding less is no worse",
	},
	{
		checks: /^detection\.macie_watches_mail$/,
		kinds: /^aws_/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a bucket that Macie looks into is looked into whatever it holds",
	},
	{
		checks: /^detection\.macie_watches_mail$/,
		kinds: /^(aws_ses_receipt_rule|aws\.macie_discovery)$/,
		mutations: ["drop", "drop and uncount", "error"],
		why: "whoever writes to the bucket, and whatever else Macie does, a job that names it looks into it",
	},
	{
		checks: /^access\./,
		kinds: /^(aws\.organization|aws_organizations_policy(_attachment)?)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "policies of an organization only take away: what nobody may do without them nobody may do with them",
	},
	{
		checks: /^access\./,
		kinds: /^aws_iam_/,
		mutations: ["drop and uncount"],
		why: "one identity or one permission less lets nobody in",
	},
	{
		checks: /^access\.deletion_/,
		kinds: /^aws_cloudtrail$/,
		mutations: ["drop", "error"],
		why: "a store that nobody else may touch is closed whoever writes to it",
	},
	{
		checks: /^access\.(decryption|deletion)_/,
		kinds:
			/^(aws_cloudfront_distribution|aws_cloudtrail|aws_cloudwatch_log_group|aws_config_delivery_channel|aws_kinesis_firehose_delivery_stream|aws_mailmanager_archive|aws_s3_bucket\w*|aws_ses\w*|aws_sns_topic)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "a store or key that nobody else may touch is closed whatever else is mail's: what leads mail to it tells only whether it is in scope",
	},
	{
		checks: /^account\.root_protected$/,
		kinds: /^aws\.iam_organization_features$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "the one item of the features tells of itself; with MFA nobody asks for it",
	},
	{
		checks: /^iam\.users_have_mfa$/,
		kinds: /^aws_(iam|cloudwatch)_/,
		listing: true,
		mutations: ["drop", "error"],
		why: "who has MFA has it whatever the user may do",
	},
	{
		checks: /^iam\.users_have_mfa$/,
		kinds: /^aws_iam_/,
		mutations: ["drop and uncount", "drop", "error"],
		why: "MFA of a user is told by the report, not by what it may do",
	},
];

/** Checks whose resources are found by looking: where a look failed there is no resource to say so, and another check tells it. */
export const gapsTold: readonly { checks: RegExp; by: string }[] = [{ checks: /^vendors\.(?!all_seen$)/, by: "vendors.all_seen" }];

export function excuseOf(check: string, victim: Evidence, kind: string, mutation: Mutation): Unneeded | undefined {
	const isListing = victim.kind === "listing";
	return unneeded.find(
		(one) =>
			one.checks.test(check) &&
			one.kinds.test(kind) &&
			(one.listing ?? false) === isListing &&
			(isListing || one.ids === undefined || one.ids.test(victim.id)) &&
			one.mutations.includes(mutation),
	);
}
