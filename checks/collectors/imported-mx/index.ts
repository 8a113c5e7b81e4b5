import { imported } from "../imported.ts";

/** What others saw of an MX address: reports of TLS test tools, and the view of a second network. */
export default imported("imported-mx", "mx", ["tls.tool_report", "vantage.observation"]);
