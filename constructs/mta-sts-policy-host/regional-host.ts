import { join } from "node:path";
import type { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { Apigatewayv2ApiMapping } from "@cdktf/provider-aws/lib/apigatewayv2-api-mapping/index.js";
import { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name/index.js";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration/index.js";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route/index.js";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import { SecureFunction } from "../internal/function.ts";
import { hostCertificate } from "../internal/host-certificate.ts";
import { logsUse } from "../internal/key-policy.ts";
import { serviceLogGroup } from "../internal/log-group.ts";
import { physicalName } from "../internal/physical-name.ts";
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
		const { certificate, validation } = hostCertificate(this, { host: props.host, zoneId: props.hostedZoneId });
		this.certificate = certificate;
		this.domainName = new Apigatewayv2DomainName(this, "domain-name", {
			domainName: props.host,
			domainNameConfiguration: { certificateArn: validation.certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2", ipAddressType: "dualstack" },
		});
		new Apigatewayv2ApiMapping(this, "mapping", { apiId: this.api.id, domainName: this.domainName.domainName, stage: "$default" });
		const target = this.domainName.domainNameConfiguration;
		for (const [recordId, type] of [["ipv4", "A"] as const, ["ipv6", "AAAA"] as const]) {
			const alias = { name: target.targetDomainName, zoneId: target.hostedZoneId, evaluateTargetHealth: false };
			new Route53Record(this, recordId, { zoneId: props.hostedZoneId, name: props.host, type, alias });
		}
	}

	/** One route, open to whoever sends mail: what stands there is public. */
	private makeApi(): Apigatewayv2Api {
		const api = new Apigatewayv2Api(this, "api", { name: physicalName(this, 128), protocolType: "HTTP", disableExecuteApiEndpoint: true });
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
		new LambdaPermission(this, "permission", {
			action: "lambda:InvokeFunction",
			functionName,
			principal: "apigateway.amazonaws.com",
			sourceArn: `${api.executionArn}/*`,
			sourceAccount: accountOf(this).accountId,
		});
		const logGroup = serviceLogGroup(this, "access-log", `/aws/apigateway/${physicalName(this, 128)}`, this.encryptionKey);
		new Apigatewayv2Stage(this, "stage", {
			apiId: api.id,
			name: "$default",
			autoDeploy: true,
			accessLogSettings: {
				destinationArn: logGroup.arn,
				format: JSON.stringify({ id: "$context.requestId", at: "$context.requestTime", route: "$context.routeKey", status: "$context.status" }),
			},
			defaultRouteSettings: { throttlingBurstLimit: 100, throttlingRateLimit: 50 },
			dependsOn: [route],
		});
		return api;
	}
}
