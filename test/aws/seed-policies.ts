export const region = "us-east-1";
/** The emulator's own account. */
export const account = "123456789012";

export const document = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
export const trust = (service: string): string => document({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" });
