#!/bin/sh
# keyguard hook shim v1 00000000: core.hooksPath names this folder, so this runs the hook that a repository has itself.
hook=@HOOK@ id="@HOOK@ @ROLE@ $PWD"; @BEFORE@
[ -x "$before" ] && [ "${KEYGUARD_CHAIN#*"|$id|"}" = "$KEYGUARD_CHAIN" ] || exit 0 # no such hook, or it led back here
export KEYGUARD_CHAIN="$KEYGUARD_CHAIN|$id|"
exec "$before" "$@"
