import { awsApi } from "../../aws/operation.ts";

// One account may ask SES once a second by its published quota; the adaptive retry finds the pace.
export const ses = awsApi({ id: "sesv2", prefix: "ses", client: "SESv2Client", load: () => import("@aws-sdk/client-sesv2"), concurrency: 4 });

export const listIdentities = ses("ListEmailIdentities", { pages: "NextToken", expects: ["EmailIdentities"] });
export const listConfigurationSets = ses("ListConfigurationSets", { pages: "NextToken", expects: ["ConfigurationSets"] });
export const getAccount = ses("GetAccount", { expects: ["SendingEnabled"] });
