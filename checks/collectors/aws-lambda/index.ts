import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";
import { permissionsOf } from "./permissions.ts";

const lambda = awsApi({ id: "lambda", client: "LambdaClient", load: () => import("@aws-sdk/client-lambda") });

const functions = table({
	list: listOf(lambda("ListFunctions", { pages: ["NextMarker", "Marker"], expects: ["Functions"] }), {}, (page) => page.Functions),
	id: (one) => one.FunctionArn ?? one.FunctionName ?? "",
	details: {
		policy: {
			operation: lambda("GetPolicy", { expects: ["Policy"] }),
			input: (one) => ({ FunctionName: one.FunctionName }),
			absent: ["ResourceNotFoundException"],
		},
		urls: {
			operation: lambda("ListFunctionUrlConfigs", { pages: ["NextMarker", "Marker"], expects: ["FunctionUrlConfigs"] }),
			input: (one) => ({ FunctionName: one.FunctionName }),
		},
		invocations: {
			operation: lambda("GetFunctionEventInvokeConfig", { expects: ["FunctionArn"] }),
			input: (one) => ({ FunctionName: one.FunctionName }),
			absent: ["ResourceNotFoundException"],
		},
	},
	kinds: {
		aws_lambda_function: {
			map: (one) => ({
				id: one.FunctionArn ?? "",
				values: {
					arn: one.FunctionArn,
					id: one.FunctionName,
					function_name: one.FunctionName,
					kms_key_arn: one.KMSKeyArn,
					role: one.Role,
					runtime: one.Runtime,
					package_type: one.PackageType,
					dead_letter_config: one.DeadLetterConfig?.TargetArn && { target_arn: one.DeadLetterConfig.TargetArn },
					// That there is an environment is all that is kept of it.
					environment: hasEnvironment(one.Environment) ? {} : undefined,
					logging_config: one.LoggingConfig && { log_format: one.LoggingConfig.LogFormat, log_group: one.LoggingConfig.LogGroup },
					vpc_config: one.VpcConfig?.VpcId && {
						subnet_ids: one.VpcConfig.SubnetIds,
						security_group_ids: one.VpcConfig.SecurityGroupIds,
						vpc_id: one.VpcConfig.VpcId,
					},
				},
			}),
		},
		aws_lambda_permission: {
			of: ["policy"],
			map: ({ FunctionName: name = "", FunctionArn: arn = "" }, { policy }) =>
				permissionsOf(policy?.[0]?.Policy ?? '{"Statement":[]}').map((values) => ({
					id: `${arn}|${values.statement_id}`,
					values: { ...values, id: values.statement_id, function_name: name },
				})),
		},
		aws_lambda_function_url: {
			of: ["urls"],
			map: ({ FunctionName: name = "", FunctionArn: arn = "" }, { urls }) =>
				(urls ?? []).flatMap((page) =>
					(page.FunctionUrlConfigs ?? []).map((url) => ({
						id: `${url.FunctionArn ?? arn}|url`,
						values: {
							id: name,
							function_arn: url.FunctionArn,
							function_name: name,
							authorization_type: url.AuthType,
							qualifier: qualifierOf(url.FunctionArn, arn),
						},
					})),
				),
		},
		aws_lambda_function_event_invoke_config: {
			of: ["invocations"],
			map: ({ FunctionName: name = "", FunctionArn: arn = "" }, { invocations }) => {
				const seen = invocations?.[0];
				if (seen === undefined) return undefined;
				const { OnFailure: failure, OnSuccess: success } = seen.DestinationConfig ?? {};
				return {
					id: `${arn}|invocations`,
					values: {
						id: name,
						function_name: name,
						maximum_event_age_in_seconds: seen.MaximumEventAgeInSeconds,
						maximum_retry_attempts: seen.MaximumRetryAttempts,
						destination_config: seen.DestinationConfig && {
							on_failure: failure?.Destination && { destination: failure.Destination },
							on_success: success?.Destination && { destination: success.Destination },
						},
					},
				};
			},
		},
	},
});

const eventSources = table({
	list: listOf(
		lambda("ListEventSourceMappings", { pages: ["NextMarker", "Marker"], expects: ["EventSourceMappings"] }),
		{},
		(page) => page.EventSourceMappings,
	),
	id: (one) => one.UUID ?? "",
	kinds: {
		aws_lambda_event_source_mapping: {
			map: (one) => ({
				id: one.UUID ?? "",
				values: {
					id: one.UUID,
					enabled: one.State === "Enabled" || one.State === "Enabling",
					event_source_arn: one.EventSourceArn,
					function_name: one.FunctionArn,
					kms_key_arn: one.KMSKeyArn,
					destination_config: one.DestinationConfig?.OnFailure?.Destination && { on_failure: { destination_arn: one.DestinationConfig.OnFailure.Destination } },
				},
			}),
		},
	},
});

function hasEnvironment(environment: { Variables?: Record<string, string> | undefined; Error?: unknown } | undefined): boolean {
	return environment !== undefined && (environment.Error !== undefined || Object.keys(environment.Variables ?? {}).length > 0);
}

/** The alias behind the function's own ARN. */
function qualifierOf(arn: string | undefined, own: string): string | undefined {
	return arn?.startsWith(`${own}:`) === true ? arn.slice(own.length + 1) : undefined;
}

/** Functions with who may call them, how failures are kept, and whether they have an environment, whose content is not kept. */
export default awsCollector({ id: "aws-lambda", tables: [functions, eventSources] });
