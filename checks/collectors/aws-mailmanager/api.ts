import { awsApi } from "../../aws/operation.ts";

export const mailmanager = awsApi({
	id: "mailmanager",
	prefix: "ses",
	client: "MailManagerClient",
	load: () => import("@aws-sdk/client-mailmanager"),
	concurrency: 2,
});

export const listArchives = mailmanager("ListArchives", { pages: "NextToken", expects: ["Archives"] });
