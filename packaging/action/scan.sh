# Scans the commits of a push or a pull request. Variables: ARGUMENTS, one per line, and
# those of the runner. The exit code is keyguard's: 0, 1 for findings, 2 if the scan is
# incomplete or failed. Compatible with bash 3.2 of macOS.
set -euo pipefail

arguments=()
while IFS= read -r argument; do
  [ -z "$argument" ] || arguments+=("$argument")
done <<<"$ARGUMENTS"

sarif=$RUNNER_TEMP/keyguard.sarif
rm -f "$sarif"
code=0
keyguard scan --ci --format sarif --output "$sarif" ${arguments[@]+"${arguments[@]}"} || code=$?
if [ -s "$sarif" ]; then # a report is complete or absent
  echo "sarif=$sarif" >>"$GITHUB_OUTPUT"
fi
exit "$code"
