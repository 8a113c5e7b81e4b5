import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivedItem } from "../derivation.ts";
import { textAt, unseen } from "../policy-documents.ts";

const accountKind = "aws.iam_account";
const deviceKind = "aws.iam_virtual_mfa_device";
const featuresKind = "aws.iam_organization_features";

/**
 * derived.root_user, one per account: {mfa, virtualDevice, accessKeys, withoutCredentials, managed}. `managed`: the organization took
 * over the root users of its members, so that one without credentials cannot get any back by itself.
 */
const derivation: Derivation = {
	id: "root-user",
	target: "account",
	needs: [accountKind, deviceKind],
	uses: [featuresKind],
	produces: ["derived.root_user"],
	derive: (view) =>
		view.items(accountKind).map((account): DerivedItem => {
			const own = { kind: "derived.root_user", id: "root" };
			if (account.error !== undefined) return { ...own, error: account.error, basis: [account] };
			const devices = view.items(deviceKind).filter(isOfRoot);
			const features = view.items(featuresKind);
			const mfa = valueAt(account.values, "root_mfa_enabled");
			const accessKeys = valueAt(account.values, "root_access_keys");
			const password = valueAt(account.values, "root_password");
			const enabled = features.flatMap((item) => valueAt(item.values, "enabled"));
			const managed = enabled.includes("RootCredentialsManagement");
			const fault = managed ? undefined : unseen(view, [featuresKind]);
			const gaps: Record<string, Gap> = {};
			if (fault !== undefined) gaps.managed = { code: fault.code, detail: fault.detail };
			for (const [path, value] of Object.entries({ mfa, accessKeys }))
				if (value === undefined) gaps[path] = { code: "malformed", detail: "iam:GetAccountSummary" };
			return {
				...own,
				values: { mfa, accessKeys, virtualDevice: devices.length > 0, withoutCredentials: mfa === false && accessKeys === 0 && password === false, managed },
				gaps,
				basis: [account, ...devices, ...features],
			};
		}),
};

export default derivation;

function isOfRoot(device: Evidence): boolean {
	return (
		device.status === "ok" &&
		(textAt(device, "user_arn")?.endsWith(":root") === true || textAt(device, "serial_number")?.endsWith(":mfa/root-account-mfa-device") === true)
	);
}
