# Scans what a push or a pull request adds. Variables: ARGUMENTS, one a line, and
# the runner's own. The step's result is keyguard's: 0, 1 for findings, 2 for
# anything that was not read. Works in the bash 3.2 of macOS.
set -euo pipefail

arguments=()
while IFS= read -r argument; do
  [ -z "$argument" ] || arguments+=("$argument")
done <<<"$ARGUMENTS"

sarif=$RUNNER_TEMP/keyguard.sarif
rm -f "$sarif"
code=0
keyguard scan --ci --format sarif --output "$sarif" ${arguments[@]+"${arguments[@]}"} || code=$?
if [ -s "$sarif" ]; then # a report is written whole or not at all
  echo "sarif=$sarif" >>"$GITHUB_OUTPUT"
fi
exit "$code"
