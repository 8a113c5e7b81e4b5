import { awsApi } from "../../aws/operation.ts";

export const config = awsApi({
	id: "config-service",
	prefix: "config",
	client: "ConfigServiceClient",
	load: () => import("@aws-sdk/client-config-service"),
	concurrency: 2,
});
