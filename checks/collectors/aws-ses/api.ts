import { awsApi } from "../../aws/operation.ts";

export const ses = awsApi({ id: "ses", client: "SESClient", load: () => import("@aws-sdk/client-ses"), concurrency: 1 });

export const listRuleSets = ses("ListReceiptRuleSets", { pages: "NextToken", expects: ["RuleSets"] });
