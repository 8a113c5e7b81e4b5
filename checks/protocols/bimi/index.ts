export { type BimiRecord, parseBimi } from "./parse-bimi.ts";
