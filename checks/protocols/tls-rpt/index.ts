export { parseTlsRpt, type TlsRpt } from "./parse-tls-rpt.ts";
