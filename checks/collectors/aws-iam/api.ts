import { awsApi } from "../../aws/operation.ts";

export const iam = awsApi({ id: "iam", client: "IAMClient", load: () => import("@aws-sdk/client-iam"), global: true, concurrency: 4 });

/** Users, groups, roles and the policies in use, with their documents, in one listing. */
export const authorization = iam("GetAccountAuthorizationDetails", {
	expects: ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"],
	pages: (page) => (page.IsTruncated === true ? { Marker: page.Marker } : undefined),
});
