import type { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { Apigatewayv2ApiMapping } from "@cdktf/provider-aws/lib/apigatewayv2-api-mapping/index.js";
import { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name/index.js";
import type { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route/index.js";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import type { Construct } from "constructs";
import { accountOf } from "./account.ts";
import { hostCertificate } from "./host-certificate.ts";
import { serviceLogGroup } from "./log-group.ts";
import { physicalName } from "./physical-name.ts";

/** An HTTP API without an address of its own, which would take TLS 1.0 and evade the certificate. */
export function closedApi(scope: Construct): Apigatewayv2Api {
	return new Apigatewayv2Api(scope, "api", { name: physicalName(scope, 128), protocolType: "HTTP", disableExecuteApiEndpoint: true });
}

/** Lets the API call its function, and logs who called which route: no path and no query, where tokens may stand. */
export function stageOf(
	scope: Construct,
	{ api, functionName, encryptionKey, routes }: { api: Apigatewayv2Api; functionName: string; encryptionKey: KmsKey; routes: readonly Apigatewayv2Route[] },
): void {
	new LambdaPermission(scope, "permission", {
		action: "lambda:InvokeFunction",
		functionName,
		principal: "apigateway.amazonaws.com",
		sourceArn: `${api.executionArn}/*`,
		sourceAccount: accountOf(scope).accountId,
	});
	const logGroup = serviceLogGroup(scope, "access-log", `/aws/apigateway/${physicalName(scope, 128)}`, encryptionKey);
	new Apigatewayv2Stage(scope, "stage", {
		apiId: api.id,
		name: "$default",
		autoDeploy: true,
		accessLogSettings: {
			destinationArn: logGroup.arn,
			format: JSON.stringify({ id: "$context.requestId", at: "$context.requestTime", route: "$context.routeKey", status: "$context.status" }),
		},
		defaultRouteSettings: { throttlingBurstLimit: 100, throttlingRateLimit: 50 },
		dependsOn: [...routes],
	});
}

/** Serves the API under a host of a hosted zone, by TLS 1.2 and newer, over IPv4 and IPv6. */
export function publishApi(
	scope: Construct,
	{ api, host, hostedZoneId }: { api: Apigatewayv2Api; host: string; hostedZoneId: string },
): { domainName: Apigatewayv2DomainName; certificate: AcmCertificate } {
	const { certificate, validation } = hostCertificate(scope, { host, zoneId: hostedZoneId });
	const domainName = new Apigatewayv2DomainName(scope, "domain-name", {
		domainName: host,
		domainNameConfiguration: { certificateArn: validation.certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2", ipAddressType: "dualstack" },
	});
	new Apigatewayv2ApiMapping(scope, "mapping", { apiId: api.id, domainName: domainName.domainName, stage: "$default" });
	const target = domainName.domainNameConfiguration;
	for (const [recordId, type] of [["ipv4", "A"] as const, ["ipv6", "AAAA"] as const]) {
		const alias = { name: target.targetDomainName, zoneId: target.hostedZoneId, evaluateTargetHealth: false };
		new Route53Record(scope, recordId, { zoneId: hostedZoneId, name: host, type, alias });
	}
	return { domainName, certificate };
}
