import type { ResultItem } from "../../model/result.ts";
import { oneLine } from "./prose.ts";

/** "permission_denied (ses:GetConfigurationSet)", or null where there is a verdict. */
export function reasonText(item: Pick<ResultItem, "reason">): string | null {
	if (item.reason === null) return null;
	const { code, detail } = item.reason;
	return detail === null ? code : `${code} (${oneLine(detail)})`;
}
