export { aggregatorActions } from "../checks/aws/config-service.ts";
export { defaultMemberRole, organizationActions } from "../checks/aws/organization.ts";
export { AwsSetupError } from "../checks/aws/setup-error.ts";
