package hooks

import (
	_ "embed"
	"fmt"
	"hash/crc32"
	"strings"
)

//go:embed shim.sh
var template string

//go:embed pass.sh
var passTemplate string

const (
	marker         = "# keyguard hook shim v" // begins the line that tells a shim from other hooks
	sumPlaceholder = "00000000"               // in the place of the sum, while it is computed
	keptSuffix     = ".before-keyguard"       // of the hook that was there, as shim.sh has it
	maxHookSize    = 64 << 10                 // bytes of a hook that are looked at
)

// A shim is what a shim file says of itself; parseShim leaves the hook out.
type shim struct {
	version int
	hook    Hook
	role    Role
	binary  string // with forward slashes, as sh wants them on Windows too
	missing MissingPolicy
	edited  bool // the text is not what was once written
}

// Role is what a shim does beside running keyguard.
type Role int

const (
	Local  Role = iota // run the hook that was there, beside it
	Shared             // run the hook of whatever repository git works in: the folder serves all
	PassOn             // do that, and not run keyguard
)

// String returns the role's name in shims.
func (r Role) String() string { return [...]string{"local", "shared", "pass"}[r] }

// Where the hook is that a shim runs. A linked worktree's GIT_DIR is its own, and
// commondir in it tells the one with the hooks (gitrepository-layout(5)); git sets
// GIT_DIR for hooks unless it is .git.
const (
	localBefore  = `before=${0%/*}/@HOOK@.before-keyguard`
	sharedBefore = `d=${GIT_DIR:-.git}; [ ! -f "$d/commondir" ] || { read -r c <"$d/commondir"; case $c in /* | ?:*) d=$c ;; *) d=$d/$c ;; esac; }; before=$d/hooks/@HOOK@`
)

// render returns the text of the file. Its second line carries a CRC-32 of the
// whole, by which later versions know an unedited shim without knowing its text.
func (s shim) render() string {
	text, before := template, localBefore
	if s.role == PassOn {
		text = passTemplate
	}
	if s.role != Local {
		before = sharedBefore
	}
	text = strings.Replace(text, "@BEFORE@", before, 1)
	text = strings.NewReplacer(
		"@HOOK@", string(s.hook),
		"@ROLE@", s.role.String(),
		"@MISSING@", s.missing.String(),
		"@BINARY@", Quote(s.binary),
		"@HINT@", Quote(s.hook.missingHint()),
	).Replace(text)
	return strings.Replace(text, sumPlaceholder, checksum(text), 1)
}

// parseShim reads a shim of this or another version; ok is false for any other
// text. Fields that it cannot find are left empty.
func parseShim(text string) (s shim, ok bool) {
	_, line, ok := strings.Cut("\n"+text, "\n"+marker)
	if !ok {
		return shim{}, false
	}
	var sum string
	if _, err := fmt.Sscanf(line, "%d %8s", &s.version, &sum); err != nil || len(sum) != len(sumPlaceholder) {
		sum = sumPlaceholder
	}
	s.edited = checksum(strings.Replace(text, sum, sumPlaceholder, 1)) != sum
	if between(text, " missing=", " ") == Allow.String() {
		s.missing = Allow
	}
	switch {
	case strings.Contains(text, ` id="`+between(text, "\nhook=", " ")+" shared "):
		s.role = Shared
	case strings.Contains(text, ` id="`+between(text, "\nhook=", " ")+" pass "):
		s.role = PassOn
	}
	s.binary = unquote(between(text, "\nkeyguard=", "\ncheck()"))
	return s, true
}

func checksum(text string) string {
	return fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(text)))
}

func between(text, left, right string) string {
	_, rest, _ := strings.Cut(text, left)
	found, _, ok := strings.Cut(rest, right)
	if !ok {
		return ""
	}
	return found
}

// Quote makes one word of sh. Between single quotes everything stands for
// itself, dollar signs, backslashes and newlines too, but the quote.
func Quote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func unquote(s string) string {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "'"), "'")
	return strings.ReplaceAll(s, `'\''`, "'")
}
