export { AwsSetupError } from "../checks/aws/open.ts";
