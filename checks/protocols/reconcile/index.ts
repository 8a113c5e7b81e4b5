export { type AuthorizationRow, Authorizations, noDay, saysNothing, type TermsFacts, termsFacts } from "./authorizations.ts";
export { type CampaignFacts, campaignFacts } from "./campaign.ts";
export { dayIn, dayNumber } from "./days.ts";
export { OptOuts } from "./opt-outs.ts";
export { Reconciliation, sendFlags, sendOutcomes } from "./reconciliation.ts";
export { subjectOfAddress } from "./subject-key.ts";
