import type { AccountLook } from "../../model/evidence.ts";
import { scanActions } from "../../model/scan-actions.generated.ts";
import { MalformedAnswer } from "./errors.ts";
import { awsApi } from "./operation.ts";
import type { AwsSession } from "./session.ts";

const sts = awsApi({ id: "sts", client: "STSClient", load: () => import("@aws-sdk/client-sts"), global: true, concurrency: 2 });
export const getCallerIdentity = sts("GetCallerIdentity", { expects: ["Account", "Arn"] });

const account = awsApi({ id: "account", client: "AccountClient", load: () => import("@aws-sdk/client-account"), global: true, concurrency: 1 });
export const listRegions = account("ListRegions", { pages: "NextToken", expects: ["Regions"] });
/** One form of the question for all who ask it: its answer is kept. */
export const allRegions = { MaxResults: 50 };

export const iam = awsApi({ id: "iam", client: "IAMClient", load: () => import("@aws-sdk/client-iam"), global: true, concurrency: 4 });
export const simulate = iam("SimulatePrincipalPolicy", {
	expects: ["EvaluationResults"],
	pages: (page) => (page.IsTruncated === true ? { Marker: page.Marker } : undefined),
});

const actionsPerQuestion = 100;

/**
 * What to ask of IAM about an identity: whether its policies allow the actions of a scan. Nothing for the root user, whom no policy
 * speaks of. A session of a role is asked for as the role; one whose role has a path is not found, and nothing is known beforehand.
 */
export function questionsAbout(arn: string): { PolicySourceArn: string; ActionNames: string[]; MaxItems: number }[] {
	const [, partition = "", service, , accountId = "", resource = ""] = arn.split(":");
	const role = service === "sts" && resource.startsWith("assumed-role/") ? resource.split("/")[1] : undefined;
	if (role === undefined && !resource.startsWith("user/")) return [];
	const source = role === undefined ? arn : `arn:${partition}:iam::${accountId}:role/${role}`;
	const questions = [];
	for (let first = 0; first < scanActions.length; first += actionsPerQuestion)
		questions.push({ PolicySourceArn: source, ActionNames: scanActions.slice(first, first + actionsPerQuestion), MaxItems: 1000 });
	return questions;
}

export interface Simulated {
	EvalActionName?: string | undefined;
	EvalDecision?: string | undefined;
}

/** Actions that the identity's own policies do not allow. Conditions and policies of resources may still refuse, or the organization's. */
export function deniedIn(results: readonly Simulated[]): string[] {
	return results.flatMap((one) => (one.EvalDecision !== "allowed" && one.EvalActionName !== undefined ? [one.EvalActionName] : []));
}

/**
 * What can be known of an account before it is looked at: what IAM says that the caller may not do, and which Regions are not enabled.
 * Neither decides anything by itself: a call is still made, and its own answer counts. Null where AWS does not tell.
 */
export async function preflight(session: AwsSession, arn: string, region: string): Promise<Pick<AccountLook, "deniedBeforehand" | "notEnabled">> {
	const [deniedBeforehand, notEnabled] = await Promise.all([
		told(async () => {
			const questions = questionsAbout(arn);
			if (questions.length === 0) return null;
			const denied: string[] = [];
			for (const question of questions)
				for await (const page of session.pages(simulate, question, region)) denied.push(...deniedIn(page.EvaluationResults ?? []));
			return denied.sort();
		}),
		told(async () => {
			const names: string[] = [];
			for await (const page of session.pages(listRegions, allRegions, region))
				for (const one of page.Regions ?? []) if (!isEnabled(one.RegionOptStatus) && one.RegionName !== undefined) names.push(one.RegionName);
			return names.sort();
		}),
	]);
	return { deniedBeforehand, notEnabled };
}

/** A Region that is being enabled or disabled may hold resources. */
export function isEnabled(status: string | undefined): boolean {
	return status !== "DISABLED";
}

/** The collectors ask the same and keep the error as evidence: here it only means that nothing is known beforehand. */
async function told<Fact>(ask: () => Promise<Fact>): Promise<Fact | null> {
	try {
		return await ask();
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		return null;
	}
}

export async function whoIs(session: AwsSession, region: string): Promise<{ account: string; arn: string }> {
	const { Account, Arn } = await session.send(getCallerIdentity, {}, region);
	if (Account === undefined || Arn === undefined) throw new MalformedAnswer("the answer names no account");
	return { account: Account, arn: Arn };
}
