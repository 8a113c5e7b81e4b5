import { iam } from "../../aws/preflight.ts";

export { iam };

/** Users, groups, roles and the policies in use, with their documents, in one listing. */
export const authorization = iam("GetAccountAuthorizationDetails", {
	expects: ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"],
	pages: (page) => (page.IsTruncated === true ? { Marker: page.Marker } : undefined),
});
