/** What is wrong before AWS was asked anything: no credentials, no Region or one that does not exist. The command line ends with exit code 2. */
export class AwsSetupError extends Error {
	override readonly name = "AwsSetupError";
}
