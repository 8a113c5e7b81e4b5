import { readFileSync } from "node:fs";

/** Name and version of this package, from the nearest package.json above: beside the sources, or above dist. */
export function packageInfo(): PackageInfo {
	known ??= readPackageInfo();
	return known;
}

interface PackageInfo {
	name: string;
	version: string;
	root: URL;
}

let known: PackageInfo | undefined;

function readPackageInfo(): PackageInfo {
	for (const up of ["../", "../../"]) {
		const root = new URL(up, import.meta.url);
		try {
			const { name, version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { name: string; version: string };
			if (name === "mailward") return { name, version, root };
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		}
	}
	throw new Error("package.json of mailward was not found");
}
