package patterns

import (
	"bytes"
	"testing"
)

// BenchmarkMatchAssigned matches the value of a name at one of its anchors.
func BenchmarkMatchAssigned(b *testing.B) {
	set, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	text := bytes.Repeat([]byte("aws_secret_access_key = 0123456789abcdefghijklmnopqrstuvwxyzABCD\n"), 10)
	at := 5*len(text)/10 + len("aws_")
	for b.Loop() {
		set.MatchAssigned(text, at, at+len("secret"))
	}
}
