/**
 * CodeBuild's build specification, as JSON, which is YAML too. The package is installed by its exact version, whose digest the
 * registry vouches for, and without scripts of its dependencies. What was found is stored even if the scan fails.
 */
export function buildSpecification({ version, options }: { readonly version: string; readonly options: readonly string[] }): string {
	const scan = ["mailward scan", "--config mailward.yaml", "--out report", "--no-color", ...options.map((option) => `'${option}'`)].join(" ");
	return JSON.stringify({
		version: 0.2,
		env: { shell: "bash" },
		phases: {
			install: {
				"runtime-versions": { nodejs: 22 },
				commands: [`npm install --global --ignore-scripts --no-audit --no-fund mailward@${version}`],
			},
			build: { commands: [`printf '%s' "$MAILWARD_CONFIGURATION" > mailward.yaml`, scan] },
			post_build: {
				commands: [`if [ -d report ]; then aws s3 cp --recursive --only-show-errors report "s3://$MAILWARD_BUCKET/scans/$(date -u +%Y-%m-%dT%H-%M-%SZ)/"; fi`],
			},
		},
	});
}
