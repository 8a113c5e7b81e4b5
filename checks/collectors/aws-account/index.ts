import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const account = awsApi({ id: "account", client: "AccountClient", load: () => import("@aws-sdk/client-account"), global: true, concurrency: 1 });

const contacts = table({
	list: listOf(account("GetAlternateContact", { expects: ["AlternateContact"] }), { AlternateContactType: "SECURITY" }, () => ["SECURITY"], [
		"ResourceNotFoundException",
	]),
	id: (type) => type,
	kinds: { "aws.alternate_contact": { map: (type) => ({ id: `${type}|contact`, values: { type } }) } },
});

/** Whether AWS knows whom to tell of security; that there is somebody, not who. */
export default awsCollector({ id: "aws-account", tables: [contacts] });
