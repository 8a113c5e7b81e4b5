/** A KMS key of this stack, or one that exists: a data source of the provider has the same attributes. */
export interface KeyReference {
	readonly arn: string;
}

/** An S3 bucket of this stack, or one that exists. */
export interface BucketReference {
	/** The bucket's name. */
	readonly id: string;
	readonly arn: string;
}

/** A log group of this stack, or one that exists. */
export interface LogGroupReference {
	readonly name: string;
	readonly arn: string;
}
