export type { Answer } from "./answer.ts";
export { eventPattern } from "./event-pattern.ts";
export { filterPattern } from "./filter-pattern.ts";
