import { imported } from "../imported.ts";

/** What a second network saw of a domain's DNS. */
export default imported("imported-domain", "domain", ["vantage.observation"]);
