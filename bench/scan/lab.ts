/** The lab's clinics in a process of their own. Takes a folder, writes mailward.yaml there, prints a line when all servers listen and ends with its stdin. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadClinics, startLab } from "../../lab/index.ts";

const [dir = "."] = process.argv.slice(2);
const [caFile, rootAnchorsFile] = [join(dir, "lab-ca.pem"), join(dir, "lab-root.ds")];
const lab = await startLab(await loadClinics(), { caFile, rootAnchorsFile });
// JSON is YAML too.
writeFileSync(
	join(dir, "mailward.yaml"),
	JSON.stringify({ version: 1, domains: [{ name: "exemplary.example", dkimSelectors: ["s1", "s2"] }], network: lab.network }, null, 2),
);
process.stdout.write("listening\n");
process.stdin.resume().on("end", () => void lab.close());
