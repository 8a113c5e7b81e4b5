#!/usr/bin/env bash
# The scan of the GitHub Action: settings come from the environment, never from the text of a command.
set -euo pipefail

refuse() {
	echo "::error title=mailward::$1"
	exit 2
}

args=(scan --out "$RUNNER_TEMP/mailward-report" --format html,json,sarif,junit --profile "$INPUT_PROFILE" --fail-on "$INPUT_FAIL_ON")
if [ -e "$INPUT_CONFIG" ]; then args+=(--config "$INPUT_CONFIG"); elif [ -z "$INPUT_PLANS" ]; then refuse "there is no $INPUT_CONFIG, and the input plans names nothing"; fi
while IFS= read -r plan; do [ -z "$plan" ] || args+=(--plan "$plan"); done <<<"$INPUT_PLANS"
while IFS= read -r code; do [ -z "$code" ] || args+=(--accept "$code"); done <<<"$INPUT_ACCEPT"

bundle=""
case "$INPUT_UPLOAD" in
redacted)
	bundle="$RUNNER_TEMP/mailward-redacted.zip"
	args+=(--redact --bundle "$bundle")
	;;
encrypted)
	[ -n "$INPUT_RECIPIENTS" ] || refuse "upload: encrypted needs the input recipients"
	bundle="$RUNNER_TEMP/mailward-encrypted.zip"
	args+=(--bundle "$bundle")
	while IFS= read -r recipient; do [ -z "$recipient" ] || args+=(--recipient "$recipient"); done <<<"$INPUT_RECIPIENTS"
	;;
plain)
	# Anybody may fetch the artifacts of a public repository.
	[ "$REPOSITORY_PRIVATE" = true ] || refuse "upload: plain is refused where the repository is not known to be private; use redacted or encrypted"
	bundle="$RUNNER_TEMP/mailward.zip"
	args+=(--bundle "$bundle")
	;;
none) ;;
*) refuse "upload: expected redacted, encrypted, plain or none" ;;
esac

if [ -n "${MAILWARD_COMMAND:-}" ]; then read -r -a mailward <<<"$MAILWARD_COMMAND"; else
	npm install --global --no-audit --no-fund "mailward@$INPUT_VERSION" >/dev/null
	mailward=(mailward)
fi

status=0
# What is printed names resources: where anybody reads the log, it is kept out of it.
if [ "$REPOSITORY_PRIVATE" = true ]; then "${mailward[@]}" "${args[@]}" || status=$?; else
	"${mailward[@]}" "${args[@]}" 2>"$RUNNER_TEMP/mailward.log" || status=$?
	[ "$status" != 2 ] || echo "::error title=mailward::wrong usage or input; the message names files and stays out of a public log: run the same command at home"
fi
echo "exit-code=$status" >>"$GITHUB_OUTPUT"
[ -z "$bundle" ] || [ ! -e "$bundle" ] || echo "bundle=$bundle" >>"$GITHUB_OUTPUT"
[ ! -e "$RUNNER_TEMP/mailward-report/result.json" ] || node "$GITHUB_ACTION_PATH/ci/github/summarize.mjs" "$RUNNER_TEMP/mailward-report/result.json" >>"$GITHUB_STEP_SUMMARY"
