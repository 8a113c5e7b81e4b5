import { awsApi } from "./operation.ts";
import type { AwsSession } from "./session.ts";

const organizations = awsApi({
	id: "organizations",
	client: "OrganizationsClient",
	load: () => import("@aws-sdk/client-organizations"),
	global: true,
	concurrency: 2,
});
const listAccounts = organizations("ListAccounts", { pages: "NextToken", expects: ["Accounts"] });

/** What a scan of an organization's members calls beside the actions of every scan; taking the role comes on top. */
export const organizationActions: readonly string[] = [listAccounts.action];

export const defaultMemberRole = "mailward";

export interface Member {
	account: string;
	/** AWS's own word: ACTIVE, SUSPENDED, PENDING_CLOSURE, CLOSED, PENDING_ACTIVATION. */
	state: string;
}

/** The members of the organization, in order of their numbers, as far as AWS told them; and why there may be more. Names and addresses of owners stay out. */
export async function membersOf(session: AwsSession, region: string): Promise<{ members: Member[]; error?: Error; action: string }> {
	const members: Member[] = [];
	try {
		for await (const page of session.pages(listAccounts, {}, region)) {
			for (const { Id, State, Status } of page.Accounts ?? []) {
				// A member without a number or a state is none that could be told apart: the listing is then not whole.
				const state = State ?? Status;
				if (Id === undefined || !/^\d{12}$/.test(Id) || state === undefined) throw new Error("the answer names a member without number or state");
				members.push({ account: Id, state });
			}
		}
		return { members: sorted(members), action: listAccounts.action };
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		return { members: sorted(members), error, action: listAccounts.action };
	}
}

function sorted(members: readonly Member[]): Member[] {
	return [...members].sort((a, b) => (a.account < b.account ? -1 : 1));
}
