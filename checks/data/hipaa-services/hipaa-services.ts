/**
 * AWS services that AWS names as HIPAA eligible, as far as mail data can go there, by the service's part of an ARN. AWS's list holds more: a
 * service that is not here is open and not refused. Source and month as below; still to be compared row by row.
 */
export const hipaaServices = {
	asOf: "2026-11-01",
	source: "https://aws.amazon.com/compliance/hipaa-eligible-services-reference/",
	eligible: new Map<string, string>([
		["apigateway", "Amazon API Gateway"],
		["athena", "Amazon Athena"],
		["backup", "AWS Backup"],
		["batch", "AWS Batch"],
		["cloudwatch", "Amazon CloudWatch"],
		["codebuild", "AWS CodeBuild"],
		["dynamodb", "Amazon DynamoDB"],
		["ec2", "Amazon EC2"],
		["ecs", "Amazon ECS"],
		["es", "Amazon OpenSearch Service"],
		["events", "Amazon EventBridge"],
		["firehose", "Amazon Data Firehose"],
		["glue", "AWS Glue"],
		["kinesis", "Amazon Kinesis Data Streams"],
		["lambda", "AWS Lambda"],
		["logs", "Amazon CloudWatch Logs"],
		["redshift", "Amazon Redshift"],
		["s3", "Amazon S3"],
		["ses", "Amazon SES"],
		["sns", "Amazon SNS"],
		["sqs", "Amazon SQS"],
		["ssm", "AWS Systems Manager"],
		["states", "AWS Step Functions"],
	]),
} as const;
