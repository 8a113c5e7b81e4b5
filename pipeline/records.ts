export { loadRecords } from "../checks/collectors/records/load.ts";
