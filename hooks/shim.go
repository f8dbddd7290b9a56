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
	marker         = "# keyguard hook shim v" // start of the line that identifies a shim
	sumPlaceholder = "00000000"               // replaces the sum while it is computed
	keptSuffix     = ".before-keyguard"       // suffix of the kept hook, as in shim.sh
	maxHookSize    = 64 << 10                 // bytes of a hook that are read
)

// shim is the content of a shim file; parseShim leaves the hook empty.
type shim struct {
	version int
	hook    Hook
	role    Role
	binary  string // with forward slashes, which sh needs on Windows too
	missing MissingPolicy
	edited  bool // the checksum does not match
}

// Role selects the other hook that a shim runs, and whether it runs keyguard.
type Role int

const (
	Local  Role = iota // run the kept hook beside the shim
	Shared             // run the hook of the current repository: several share the directory
	PassOn             // like Shared, without keyguard
)

// String returns the name of the role in shims.
func (r Role) String() string { return [...]string{"local", "shared", "pass"}[r] }

// The location of the other hook. A linked worktree has a GIT_DIR of its own, whose
// commondir names the one with the hooks (gitrepository-layout(5)); git sets GIT_DIR for
// hooks unless it is .git.
const (
	localBefore  = `before=${0%/*}/@HOOK@.before-keyguard`
	sharedBefore = `d=${GIT_DIR:-.git}; [ ! -f "$d/commondir" ] || { read -r c <"$d/commondir"; case $c in /* | ?:*) d=$c ;; *) d=$d/$c ;; esac; }; before=$d/hooks/@HOOK@`
)

// render returns the text of the shim. Its second line contains a CRC-32 of the whole
// text, by which later versions recognize an unedited shim.
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

// parseShim parses a shim of any version; ok is false for any other text. Missing fields
// are empty.
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

// Quote returns s as one word of sh. Between single quotes every character except the
// quote is literal.
func Quote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func unquote(s string) string {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "'"), "'")
	return strings.ReplaceAll(s, `'\''`, "'")
}
