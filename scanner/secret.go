package scanner

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
)

// Mask is printed instead of a secret. It does not reveal the length.
const Mask = "********"

// Secret is the bytes of a credential. It is printed, encoded and logged as Mask. Reveal
// is the only access to the bytes.
type Secret []byte

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// SHA256 returns the secret's SHA-256 in hexadecimal.
func (s Secret) SHA256() string {
	sum := sha256.Sum256(s)
	return hex.EncodeToString(sum[:])
}

// String returns Mask.
func (s Secret) String() string { return Mask }

// Format implements fmt.Formatter: any verb prints Mask.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Mask) }

// MarshalText implements encoding.TextMarshaler, and so JSON's encoding.
func (s Secret) MarshalText() ([]byte, error) { return []byte(Mask), nil }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(Mask) }
