export { defaultMemberRole, organizationActions } from "../checks/aws/organization.ts";
export { AwsSetupError } from "../checks/aws/setup-error.ts";
