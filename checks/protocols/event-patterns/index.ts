export type { Answer } from "./answer.ts";
export { matchesEventPattern } from "./event-pattern.ts";
export { matchesFilterPattern } from "./filter-pattern.ts";
