package patterns

import (
	"slices"
	"strings"
)

// canaryAccounts has one line per service whose keys are traps, with the accounts in
// which it creates them. TruffleHog publishes the list (its package pkg/detectors/aws,
// read in 2026).
const canaryAccounts = `
canarytokens.org: 052310077262 171436882533 534261010715 595918472158 717712589309 819147034852 992382622183 730335385048 266735846894 893192397702
a service like canarytokens.org: 044858866125 251535659677 344043088457 351906852752 390477818340 426127672474 427150556519 439872796651 445142720921 465867158099 637958123769 693412236332 732624840810 735421457923 959235150393 982842642351
`

// Canary reports whether the keys of an account of 12 digits are traps, and the service
// that creates them. Such keys grant no access, and their use alerts their owner. Keys of
// other accounts may also be traps.
func Canary(account string) (service string, ok bool) {
	for line := range strings.Lines(canaryAccounts) {
		service, accounts, _ := strings.Cut(line, ": ")
		if slices.Contains(strings.Fields(accounts), account) {
			return service, true
		}
	}
	return "", false
}
