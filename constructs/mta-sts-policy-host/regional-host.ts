import { join } from "node:path";
import type { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import type { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import type { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name/index.js";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration/index.js";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route/index.js";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import { SecureFunction } from "../internal/function.ts";
import { closedApi, publishApi, stageOf } from "../internal/function-api.ts";
import { logsUse } from "../internal/key-policy.ts";
import { ServiceKey } from "../internal/service-key.ts";
import { useThrough } from "../internal/service-use.ts";

export interface RegionalHostProps {
	readonly host: string;
	readonly hostedZoneId: string;
	readonly policyText: string;
	readonly alarmTopic: SnsTopic;
}

/** RFC 8461 section 3.3. */
const policyPath = "/.well-known/mta-sts.txt";

/** The policy host where there is no CloudFront: an HTTP API in the stack's own Region, whose function answers with the policy. */
export class RegionalHost extends Construct {
	readonly encryptionKey: KmsKey;
	readonly function: SecureFunction;
	readonly api: Apigatewayv2Api;
	readonly domainName: Apigatewayv2DomainName;
	readonly certificate: AcmCertificate;

	constructor(scope: Construct, id: string, props: RegionalHostProps) {
		super(scope, id);
		const account = accountOf(this);
		this.encryptionKey = new ServiceKey(this, "encryption-key", {
			description: "MTA-STS policy host",
			use: [...useThrough(account, ["lambda", "sqs"]), logsUse(account)],
		}).key;
		this.function = new SecureFunction(this, "function", {
			archive: join(import.meta.dirname, "lambda.zip"),
			description: "Serves the MTA-STS policy.",
			encryptionKey: this.encryptionKey,
			environment: { POLICY_TEXT: props.policyText },
			allow: [],
			timeoutSeconds: 5,
			alarmTopic: props.alarmTopic,
		});
		this.api = this.makeApi();
		const { certificate, domainName } = publishApi(this, { api: this.api, host: props.host, hostedZoneId: props.hostedZoneId });
		this.certificate = certificate;
		this.domainName = domainName;
	}

	/** One route, open to whoever sends mail: what stands there is public. */
	private makeApi(): Apigatewayv2Api {
		const api = closedApi(this);
		const { invokeArn, functionName } = this.function.function;
		const integration = new Apigatewayv2Integration(this, "integration", {
			apiId: api.id,
			integrationType: "AWS_PROXY",
			integrationUri: invokeArn,
			payloadFormatVersion: "2.0",
		});
		const route = new Apigatewayv2Route(this, "route", {
			apiId: api.id,
			routeKey: `GET ${policyPath}`,
			target: `integrations/${integration.id}`,
			authorizationType: "NONE",
		});
		stageOf(this, { api, functionName, encryptionKey: this.encryptionKey, routes: [route] });
		return api;
	}
}
