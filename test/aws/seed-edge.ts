import { ACMClient, RequestCertificateCommand } from "@aws-sdk/client-acm";
import {
	APIGatewayClient,
	CreateDeploymentCommand,
	CreateRestApiCommand,
	GetResourcesCommand,
	PutIntegrationCommand,
	PutMethodCommand,
} from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client, CreateApiCommand, CreateRouteCommand, CreateStageCommand } from "@aws-sdk/client-apigatewayv2";
import { BackupClient, CreateBackupPlanCommand, CreateBackupSelectionCommand, CreateBackupVaultCommand } from "@aws-sdk/client-backup";
import {
	AddUserToGroupCommand,
	AttachRolePolicyCommand,
	CreateAccessKeyCommand,
	CreateGroupCommand,
	CreateLoginProfileCommand,
	CreatePolicyCommand,
	CreateRoleCommand,
	CreateUserCommand,
	IAMClient,
	PutGroupPolicyCommand,
	PutRolePolicyCommand,
	PutUserPolicyCommand,
	UpdateAccountPasswordPolicyCommand,
} from "@aws-sdk/client-iam";
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { account, document, region, trust } from "./seed-policies.ts";

const allow = (action: string) => document({ Effect: "Allow", Action: action, Resource: "*" });

/** Identities, a zone, a certificate, two APIs and a backup plan. */
export async function seedEdge(): Promise<void> {
	const iam = new IAMClient({ region });
	await iam.send(new CreateUserCommand({ UserName: "relay" }));
	await iam.send(new PutUserPolicyCommand({ UserName: "relay", PolicyName: "send", PolicyDocument: allow("ses:SendRawEmail") }));
	await iam.send(new CreateAccessKeyCommand({ UserName: "relay" }));
	await iam.send(new CreateUserCommand({ UserName: "admin" }));
	await iam.send(new CreateLoginProfileCommand({ UserName: "admin", Password: "Never-in-3vidence", PasswordResetRequired: true }));
	await iam.send(new CreateGroupCommand({ GroupName: "mail-admins" }));
	await iam.send(new AddUserToGroupCommand({ GroupName: "mail-admins", UserName: "admin" }));
	await iam.send(new PutGroupPolicyCommand({ GroupName: "mail-admins", PolicyName: "ses", PolicyDocument: allow("ses:*") }));
	await iam.send(new CreateRoleCommand({ RoleName: "edge-events", AssumeRolePolicyDocument: trust("firehose.amazonaws.com"), MaxSessionDuration: 3600 }));
	await iam.send(new PutRolePolicyCommand({ RoleName: "edge-events", PolicyName: "put", PolicyDocument: allow("s3:PutObject") }));
	const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "decrypt", PolicyDocument: allow("kms:Decrypt") }));
	await iam.send(new AttachRolePolicyCommand({ RoleName: "edge-events", PolicyArn: Policy?.Arn }));
	await iam.send(new UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 14, RequireNumbers: true, MaxPasswordAge: 90 }));

	const route53 = new Route53Client({ region });
	const { HostedZone: zone } = await route53.send(new CreateHostedZoneCommand({ Name: "clinic.example", CallerReference: "1" }));
	await route53.send(
		new ChangeResourceRecordSetsCommand({
			HostedZoneId: zone?.Id,
			ChangeBatch: {
				Changes: [
					{
						Action: "UPSERT",
						ResourceRecordSet: { Name: "clinic.example", Type: "MX", TTL: 300, ResourceRecords: [{ Value: "10 inbound-smtp.us-east-1.amazonaws.com" }] },
					},
				],
			},
		}),
	);

	await new ACMClient({ region }).send(
		new RequestCertificateCommand({ DomainName: "mta-sts.clinic.example", ValidationMethod: "DNS", KeyAlgorithm: "EC_prime256v1" }),
	);

	const rest = new APIGatewayClient({ region });
	const { id: restApiId } = await rest.send(new CreateRestApiCommand({ name: "unsubscribe" }));
	const { items } = await rest.send(new GetResourcesCommand({ restApiId }));
	const resourceId = items?.[0]?.id;
	await rest.send(new PutMethodCommand({ restApiId, resourceId, httpMethod: "POST", authorizationType: "NONE" }));
	await rest.send(new PutIntegrationCommand({ restApiId, resourceId, httpMethod: "POST", type: "MOCK" }));
	await rest.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));

	const http = new ApiGatewayV2Client({ region });
	const { ApiId } = await http.send(new CreateApiCommand({ Name: "forms", ProtocolType: "HTTP" }));
	await http.send(new CreateStageCommand({ ApiId, StageName: "prod", AutoDeploy: true }));
	await http.send(new CreateRouteCommand({ ApiId, RouteKey: "POST /submit", AuthorizationType: "NONE" }));

	const backup = new BackupClient({ region });
	await backup.send(new CreateBackupVaultCommand({ BackupVaultName: "edge" }));
	const { BackupPlanId } = await backup.send(
		new CreateBackupPlanCommand({
			BackupPlan: {
				BackupPlanName: "mail",
				Rules: [{ RuleName: "daily", TargetBackupVaultName: "edge", ScheduleExpression: "cron(0 5 * * ? *)", Lifecycle: { DeleteAfterDays: 2192 } }],
			},
		}),
	);
	await backup.send(
		new CreateBackupSelectionCommand({
			BackupPlanId,
			BackupSelection: {
				SelectionName: "tables",
				IamRoleArn: `arn:aws:iam::${account}:role/backup`,
				Resources: [`arn:aws:dynamodb:${region}:${account}:table/mail-log`],
			},
		}),
	);
}
