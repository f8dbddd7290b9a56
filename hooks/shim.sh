#!/bin/sh
# keyguard hook shim v1 00000000: "keyguard install" writes this file, "keyguard uninstall" puts back what was here.
hook=@HOOK@ missing=@MISSING@ id="@HOOK@ @ROLE@ $PWD"; @BEFORE@
keyguard=@BINARY@
check() { # does not return
	[ -x "$keyguard" ] && exec "$keyguard" hook $hook "$@"
	found=$(command -v keyguard) && exec "$found" hook $hook "$@"
	case $hook,$SKIP, in pre-receive*) ;; *[,\ ]keyguard[,\ ]*) exit 0 ;; esac
	printf 'keyguard: error: not at %s and not in PATH, so this %s was not scanned\nhint: %s\n' "$keyguard" $hook @HINT@ >&2
	[ $missing = allow ] || exit 2; exit 0
}
[ -x "$before" ] && [ "${KEYGUARD_CHAIN#*"|$id|"}" = "$KEYGUARD_CHAIN" ] || check "$@" # no earlier hook, or it led back here
export KEYGUARD_CHAIN="$KEYGUARD_CHAIN|$id|"
case $hook in pre-push | pre-receive) input=$(cat && echo x) || exit 2 ;; *) "$before" "$@" && check "$@"; exit ;; esac
printf %s "${input%x}" 2>/dev/null | "$before" "$@" && printf %s "${input%x}" | check "$@"
