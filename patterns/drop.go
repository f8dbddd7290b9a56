package patterns

import "fmt"

// Drop is the reason why a candidate or a finding is not reported. The zero Drop means
// that it is reported.
type Drop struct {
	By    DropBy
	Text  string // the reason, as reports show it
	Place string // of an allowance: its location and its own reason
}

// IsZero reports whether d drops nothing.
func (d Drop) IsZero() bool { return d.By == NotDropped }

// DropBy is the kind of reason of a Drop. In reports it is its text, such as "content".
type DropBy uint8

// The kinds of reasons.
const (
	NotDropped DropBy = iota
	ByContent         // a check: the text is not a credential, or a harmless one
	ByEmulator        // the ID, or the ID of the pair, belongs to an emulator's account
	ByPair            // a part of a credential, not reported alone
	ByPath            // every path of the finding is excluded
	ByMark            // a comment
	ByConfig          // an entry of the configuration
	ByBaseline        // an entry of the baseline
	ByServer          // a server lets the pusher bypass its hook
	BySeverity        // the severity is below the configured minimum
)

func dropByNames() []string {
	return []string{"", "content", "emulator", "pair", "path", "mark", "configuration", "baseline", "server", "severity"}
}

// String returns the name in reports, or "" for NotDropped.
func (b DropBy) String() string { return dropByNames()[b] }

// MarshalText implements encoding.TextMarshaler.
func (b DropBy) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler. An unknown name is an error.
func (b *DropBy) UnmarshalText(text []byte) error {
	for i, name := range dropByNames() {
		if string(text) == name {
			*b = DropBy(i)
			return nil
		}
	}
	return fmt.Errorf("unknown kind of drop %q", text)
}
