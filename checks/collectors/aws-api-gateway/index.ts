import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, listWithin, type Place, table } from "../../aws/table.ts";

const rest = awsApi({ id: "api-gateway", prefix: "apigateway", client: "APIGatewayClient", load: () => import("@aws-sdk/client-api-gateway"), concurrency: 2 });
const http = awsApi({
	id: "apigatewayv2",
	prefix: "apigateway",
	client: "ApiGatewayV2Client",
	load: () => import("@aws-sdk/client-apigatewayv2"),
	concurrency: 2,
});

/** IAM knows the calls of API Gateway by their verb. */
const action = "apigateway:GET";

const restApis = listOf(rest("GetRestApis", { action, pages: "position", shared: true }), { limit: 500 }, (page) => page.items);
const httpApis = listOf(http("GetApis", { action, pages: "NextToken", expects: ["Items"], shared: true }), {}, (page) => page.Items);

const stageArn = ({ partition, region }: Place, api: string | undefined, stage: string | undefined) =>
	`arn:${partition}:apigateway:${region}::/restapis/${api}/stages/${stage}`;

const stages = table({
	list: listWithin(
		restApis,
		rest("GetStages", { action, expects: ["item"] }),
		(api) => ({ restApiId: api.id }),
		(page, api) => page.item?.map((stage) => ({ ...stage, api: api.id })),
	),
	id: (one) => `${one.api}/${one.stageName}`,
	kinds: {
		aws_api_gateway_stage: {
			map: (one, _answers, place) => ({
				id: `${one.api}/${one.stageName}`,
				values: {
					arn: stageArn(place, one.api, one.stageName),
					id: `ags-${one.api}-${one.stageName}`,
					rest_api_id: one.api,
					stage_name: one.stageName,
					client_certificate_id: one.clientCertificateId,
					web_acl_arn: one.webAclArn,
					xray_tracing_enabled: one.tracingEnabled,
					access_log_settings: one.accessLogSettings?.destinationArn && {
						destination_arn: one.accessLogSettings.destinationArn,
						format: one.accessLogSettings.format,
					},
				},
			}),
		},
		aws_api_gateway_method_settings: {
			map: (one) =>
				Object.entries(one.methodSettings ?? {}).map(([path, setting]) => ({
					id: `${one.api}-${one.stageName}-${path}`,
					values: {
						id: `${one.api}-${one.stageName}-${path}`,
						rest_api_id: one.api,
						stage_name: one.stageName,
						method_path: path,
						settings: {
							data_trace_enabled: setting.dataTraceEnabled,
							logging_level: setting.loggingLevel,
							metrics_enabled: setting.metricsEnabled,
							caching_enabled: setting.cachingEnabled,
							cache_data_encrypted: setting.cacheDataEncrypted,
						},
					},
				})),
		},
		aws_wafv2_web_acl_association: {
			map: (one, _answers, place) => {
				if (one.webAclArn === undefined) return undefined;
				const arn = stageArn(place, one.api, one.stageName);
				return { id: `${one.webAclArn},${arn}`, values: { id: `${one.webAclArn},${arn}`, resource_arn: arn, web_acl_arn: one.webAclArn } };
			},
		},
	},
});

const methods = table({
	list: listWithin(
		restApis,
		rest("GetResources", { action, pages: "position" }),
		(api) => ({ restApiId: api.id, limit: 500, embed: ["methods"] }),
		(page, api) =>
			page.items?.flatMap((resource) =>
				Object.entries(resource.resourceMethods ?? {}).map(([verb, method]) => ({ verb, method, api: api.id, resource: resource.id })),
			),
	),
	id: (one) => `${one.api}/${one.resource}/${one.verb}`,
	kinds: {
		aws_api_gateway_method: {
			map: ({ verb, method, api, resource }) => ({
				id: `${api}/${resource}/${verb}`,
				values: {
					id: `agm-${api}-${resource}-${verb}`,
					rest_api_id: api,
					resource_id: resource,
					http_method: verb,
					authorization: method.authorizationType,
					authorizer_id: method.authorizerId,
					api_key_required: method.apiKeyRequired,
				},
			}),
		},
	},
});

const domainNames = table({
	list: listOf(rest("GetDomainNames", { action, pages: "position" }), { limit: 500 }, (page) => page.items),
	id: (one) => one.domainName ?? "",
	kinds: {
		aws_api_gateway_domain_name: {
			map: (one) => ({
				id: one.domainName ?? "",
				values: {
					arn: one.domainNameArn,
					id: one.domainName,
					domain_name: one.domainName,
					certificate_arn: one.certificateArn,
					regional_certificate_arn: one.regionalCertificateArn,
					security_policy: one.securityPolicy,
					policy: one.policy,
					endpoint_configuration: one.endpointConfiguration && { types: one.endpointConfiguration.types },
					mutual_tls_authentication: one.mutualTlsAuthentication && { truststore_uri: one.mutualTlsAuthentication.truststoreUri },
				},
			}),
		},
	},
});

const httpStages = table({
	list: listWithin(
		httpApis,
		http("GetStages", { action, pages: "NextToken", expects: ["Items"] }),
		(api) => ({ ApiId: api.ApiId }),
		(page, api) => page.Items?.map((stage) => ({ ...stage, api: api.ApiId })),
	),
	id: (one) => `${one.api}/${one.StageName}`,
	kinds: {
		aws_apigatewayv2_stage: {
			map: (one, _answers, { partition, region }) => ({
				id: `v2/${one.api}/${one.StageName}`,
				values: {
					arn: `arn:${partition}:apigateway:${region}::/apis/${one.api}/stages/${one.StageName}`,
					id: one.StageName,
					name: one.StageName,
					api_id: one.api,
					auto_deploy: one.AutoDeploy,
					access_log_settings: one.AccessLogSettings?.DestinationArn && {
						destination_arn: one.AccessLogSettings.DestinationArn,
						format: one.AccessLogSettings.Format,
					},
					default_route_settings: one.DefaultRouteSettings && {
						data_trace_enabled: one.DefaultRouteSettings.DataTraceEnabled,
						detailed_metrics_enabled: one.DefaultRouteSettings.DetailedMetricsEnabled,
						logging_level: one.DefaultRouteSettings.LoggingLevel,
					},
					route_settings: Object.entries(one.RouteSettings ?? {}).map(([key, setting]) => ({
						route_key: key,
						data_trace_enabled: setting.DataTraceEnabled,
						detailed_metrics_enabled: setting.DetailedMetricsEnabled,
						logging_level: setting.LoggingLevel,
					})),
				},
			}),
		},
	},
});

const routes = table({
	list: listWithin(
		httpApis,
		http("GetRoutes", { action, pages: "NextToken", expects: ["Items"] }),
		(api) => ({ ApiId: api.ApiId }),
		(page, api) => page.Items?.map((route) => ({ ...route, api: api.ApiId })),
	),
	id: (one) => `${one.api}/${one.RouteId}`,
	kinds: {
		aws_apigatewayv2_route: {
			map: (one) => ({
				id: `v2/${one.api}/${one.RouteId}`,
				values: {
					id: one.RouteId,
					api_id: one.api,
					route_key: one.RouteKey,
					authorization_type: one.AuthorizationType,
					authorizer_id: one.AuthorizerId,
					api_key_required: one.ApiKeyRequired,
					target: one.Target,
				},
			}),
		},
	},
});

const httpDomainNames = table({
	list: listOf(http("GetDomainNames", { action, pages: "NextToken", expects: ["Items"] }), {}, (page) => page.Items),
	id: (one) => one.DomainName ?? "",
	kinds: {
		aws_apigatewayv2_domain_name: {
			map: (one) => ({
				id: `v2/${one.DomainName}`,
				values: {
					id: one.DomainName,
					domain_name: one.DomainName,
					domain_name_configuration: one.DomainNameConfigurations?.slice(0, 1).map((config) => ({
						certificate_arn: config.CertificateArn,
						endpoint_type: config.EndpointType,
						security_policy: config.SecurityPolicy,
					}))[0],
					mutual_tls_authentication: one.MutualTlsAuthentication && { truststore_uri: one.MutualTlsAuthentication.TruststoreUri },
				},
			}),
		},
	},
});

/** APIs that take unsubscriptions and submissions: stages, methods, names and what guards them. */
export default awsCollector({ id: "aws-api-gateway", tables: [stages, methods, domainNames, httpStages, routes, httpDomainNames] });
