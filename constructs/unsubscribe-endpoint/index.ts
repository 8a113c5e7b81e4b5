import { join } from "node:path";
import type { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { Apigatewayv2Authorizer } from "@cdktf/provider-aws/lib/apigatewayv2-authorizer/index.js";
import type { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name/index.js";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration/index.js";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route/index.js";
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import type { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import type { Sesv2ContactList } from "@cdktf/provider-aws/lib/sesv2-contact-list/index.js";
import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { Construct } from "constructs";
import { AlarmTopic } from "../alarm-topic/index.ts";
import { type Account, accountOf } from "../internal/account.ts";
import { domainRule, isDomain, isLabels, isZoneId, zoneIdRule } from "../internal/domain-name.ts";
import { SecureFunction } from "../internal/function.ts";
import { closedApi, publishApi, stageOf } from "../internal/function-api.ts";
import { logsUse } from "../internal/key-policy.ts";
import { policyDocument } from "../internal/policy-document.ts";
import { checkProp } from "../internal/prop-checks.ts";
import { secureTable } from "../internal/secure-table.ts";
import { ServiceKey } from "../internal/service-key.ts";
import { useThrough, viaService } from "../internal/service-use.ts";

export interface UnsubscribeEndpointProps {
	/** Domain that mail is sent from, in A-label form, such as "clinic.example". */
	readonly domain: string;
	/** Id of the domain's Route 53 public hosted zone. */
	readonly hostedZoneId: string;
	/** Labels of the endpoint's host below the domain. @default "unsubscribe" */
	readonly hostSubdomain?: string;
	/** Contact list whose preferences are changed: that of a ContactPreferences. @default - none: an address is put on the suppression list */
	readonly contactList?: Sesv2ContactList;
	/** Roles of the programs that send: each may issue tokens, and neither read nor change any. @default - none */
	readonly issuers?: readonly IamRole[];
	/** Topic that hears when somebody could not be unsubscribed. @default - a new AlarmTopic that nobody is subscribed to */
	readonly alarmTopic?: SnsTopic;
	/** For trials that are torn down again: the table can be deleted. @default false */
	readonly sandbox?: boolean;
}

/**
 * Answers one-click unsubscription (RFC 8058): a POST to https://unsubscribe.<domain>/?t=<token> takes the recipient off,
 * with no login, cookie or redirect; a GET shows a page with one button, since programs that follow links must not
 * unsubscribe anybody. The token alone says who it is for, and only its hash is kept.
 *
 * A program that sends makes a token of 16 to 96 random octets in base64url, and puts `{tokenSha256, address, topicName}`
 * into `table` (tokenSha256 in lower-case hexadecimal; without topicName all mail is meant) before it sends the headers
 * `List-Unsubscribe: <https://unsubscribe.<domain>/?t=TOKEN>` and `List-Unsubscribe-Post: List-Unsubscribe=One-Click`, both
 * under its DKIM signature. A token with a topic opts out of the topic; one without unsubscribes from the whole contact list
 * and puts the address on the account's suppression list, so that SES sends it nothing any more, appointment notices included.
 *
 * A second copy of the table is not made here: that is what a MailBackup does.
 *
 * Satisfies: acm.key_strong, acm.no_wildcard, acm.transparency_logged, alarms.actions_set, apis.access_logged,
 * apis.bodies_not_logged, apis.current_tls, apis.routes_authorized, functions.environment_encrypted, functions.failures_kept,
 * functions.log_group_declared, functions.no_public_permission, functions.services_bound, iam.decryption_names_keys,
 * iam.no_administrators, iam.no_whole_services, iam.sending_permissions_narrow, keys.alias_given, keys.deletion_window,
 * keys.duties_separated, keys.in_use_enabled, keys.no_public_principal, keys.policy_written, keys.rotation_enabled,
 * keys.services_bound, logs.encrypted, logs.personal_data_masked, logs.retention, queues.encrypted, queues.no_public_policy,
 * queues.tls_only, tables.deletion_protected, tables.encrypted, tables.recoverable, topics.encrypted, topics.no_public_policy,
 * topics.services_bound, topics.tls_only
 *
 * Meets: DDB-01, LAM-01, EDG-01, EDG-04, LOG-03, SQS-01
 */
export class UnsubscribeEndpoint extends Construct {
	/** Address that a token is put to as the parameter "t". */
	readonly url: string;
	readonly encryptionKey: KmsKey;
	readonly table: DynamodbTable;
	readonly function: SecureFunction;
	readonly api: Apigatewayv2Api;
	readonly domainName: Apigatewayv2DomainName;

	constructor(scope: Construct, id: string, props: UnsubscribeEndpointProps) {
		super(scope, id);
		checkProp(this, "domain", props.domain, isDomain, domainRule);
		checkProp(this, "hostedZoneId", props.hostedZoneId, isZoneId, zoneIdRule);
		checkProp(this, "hostSubdomain", props.hostSubdomain, isLabels, {
			wanted: "one or more labels of letters, digits and hyphens",
			remedy: 'write it such as "unsubscribe", without the domain',
		});
		const account = accountOf(this);
		const host = `${props.hostSubdomain ?? "unsubscribe"}.${props.domain}`;
		this.url = `https://${host}/`;
		this.encryptionKey = new ServiceKey(this, "encryption-key", {
			description: "Unsubscribe endpoint",
			use: [...useThrough(account, ["dynamodb", "lambda", "sqs"]), logsUse(account)],
		}).key;
		this.table = secureTable(this, "table", { hashKey: "tokenSha256", encryptionKey: this.encryptionKey, sandbox: props.sandbox === true });
		this.function = new SecureFunction(this, "function", {
			archive: join(import.meta.dirname, "lambda.zip"),
			description: "Takes recipients off who unsubscribe.",
			encryptionKey: this.encryptionKey,
			environment: { TABLE_NAME: this.table.name, CONTACT_LIST_NAME: props.contactList?.contactListName ?? "" },
			allow: this.permissions(account, props.contactList),
			timeoutSeconds: 10,
			alarmTopic: props.alarmTopic ?? new AlarmTopic(this, "alarm-topic").topic,
		});
		this.api = this.makeApi();
		this.domainName = publishApi(this, { api: this.api, host, hostedZoneId: props.hostedZoneId }).domainName;
		for (const [index, issuer] of (props.issuers ?? []).entries()) this.allowIssuing(`issuer-${index + 1}`, issuer, account);
	}

	private permissions(account: Account, list: Sesv2ContactList | undefined): DataAwsIamPolicyDocumentStatement[] {
		return [
			{ sid: "Tokens", actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources: [this.table.arn] },
			{ sid: "TokensKey", actions: ["kms:Decrypt"], resources: [this.encryptionKey.arn], condition: [viaService(account, ["dynamodb"])] },
			// SES knows no resource of a smaller extent for it.
			{ sid: "Suppress", actions: ["ses:PutSuppressedDestination"], resources: ["*"] },
			...(list === undefined ? [] : [{ sid: "Preferences", actions: ["ses:GetContact", "ses:CreateContact", "ses:UpdateContact"], resources: [list.arn] }]),
		];
	}

	/** The token is what authorizes: a route without it answers 401, and one that was never issued 403. */
	private makeApi(): Apigatewayv2Api {
		const api = closedApi(this);
		const { invokeArn, functionName } = this.function.function;
		const authorizer = new Apigatewayv2Authorizer(this, "authorizer", {
			apiId: api.id,
			name: "token",
			authorizerType: "REQUEST",
			authorizerUri: invokeArn,
			authorizerPayloadFormatVersion: "2.0",
			enableSimpleResponses: true,
			identitySources: ["$request.querystring.t"],
			authorizerResultTtlInSeconds: 0,
		});
		const integration = new Apigatewayv2Integration(this, "integration", {
			apiId: api.id,
			integrationType: "AWS_PROXY",
			integrationUri: invokeArn,
			payloadFormatVersion: "2.0",
		});
		const routes = ["GET", "POST"].map(
			(method) =>
				new Apigatewayv2Route(this, `route-${method.toLowerCase()}`, {
					apiId: api.id,
					routeKey: `${method} /`,
					target: `integrations/${integration.id}`,
					authorizationType: "CUSTOM",
					authorizerId: authorizer.id,
				}),
		);
		stageOf(this, { api, functionName, encryptionKey: this.encryptionKey, routes: routes });
		return api;
	}

	private allowIssuing(id: string, issuer: IamRole, account: Account): void {
		const document = policyDocument(this, `${id}-policy-document`, [
			{ sid: "Issue", actions: ["dynamodb:PutItem"], resources: [this.table.arn] },
			{ sid: "IssueKey", actions: ["kms:Decrypt"], resources: [this.encryptionKey.arn], condition: [viaService(account, ["dynamodb"])] },
		]);
		new IamRolePolicy(this, `${id}-policy`, { role: issuer.id, policy: document.json });
	}
}
