export { evaluateIam, type IamAnswer, type IamDecision, type IamQuestion } from "./evaluate-iam.ts";
export { parsePolicy } from "./parse-policy.ts";
export type { Clause, Matcher, ParsedPolicy, Policy, PolicyError, PrincipalElement, PrincipalEntry, Statement } from "./policy.ts";
export type { Ternary } from "./ternary.ts";
