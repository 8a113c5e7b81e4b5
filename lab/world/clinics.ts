import { readFile } from "node:fs/promises";
import { loadWorld } from "./load.ts";
import type { LabWorld } from "./schema.ts";

/** The world of the demo: exemplary.example, typical.example, neglected.example and the vendors that they use. */
export async function loadClinics(): Promise<LabWorld> {
	return loadWorld(await readFile(new URL("../clinics.yaml", import.meta.url), "utf8"), "lab/clinics.yaml");
}
