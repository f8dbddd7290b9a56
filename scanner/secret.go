package scanner

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
)

// Mask stands wherever a secret would. It says nothing about it, not even its
// length.
const Mask = "********"

// Secret is a credential's bytes. Whatever prints, encodes or logs it gets
// Mask; Reveal is the only way to the bytes.
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
