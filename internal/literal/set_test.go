package literal

import (
	"bytes"
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func testWords() []Word {
	return []Word{{Text: "AKIA"}, {Text: "ASIA"}, {Text: "secret", Fold: true}, {Text: "session_token", Fold: true}, {Text: "AAAA"}}
}

// plain is the oracle: a word at a time, an offset at a time.
func plain(words []Word, text []byte, from, to int) []Hit {
	var hits []Hit
	for i, w := range words {
		for pos := max(0, from-len(w.Text)+1); pos < to && pos+len(w.Text) <= len(text); pos++ {
			got := string(text[pos : pos+len(w.Text)])
			if got == w.Text || w.Fold && strings.EqualFold(got, w.Text) {
				hits = append(hits, Hit{i, pos})
			}
		}
	}
	return sorted(hits)
}

func sorted(hits []Hit) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.Word, b.Word)) })
	return hits
}

func TestAppendAtEveryAlignment(t *testing.T) {
	set, err := New(testWords())
	if err != nil {
		t.Fatal(err)
	}
	for pad := range 20 {
		for tail := range 12 {
			text := []byte(strings.Repeat(".", pad) + "AKIAAAAAA SeCrEt" + strings.Repeat(".", tail))
			want := plain(testWords(), text, 0, len(text))
			if got := sorted(set.Append(nil, text, 0, len(text))); !slices.Equal(got, want) {
				t.Errorf("pad %d tail %d: got %v, want %v", pad, tail, got, want)
			}
		}
	}
}

func TestNewRefusesShortWords(t *testing.T) {
	if _, err := New([]Word{{Text: "abc"}}); err == nil {
		t.Fatal("a three-byte word was accepted")
	}
}

func FuzzAppend(f *testing.F) {
	f.Add([]byte("xxAKIA secretSECRETASIA"), 1, 20)
	f.Add(bytes.Repeat([]byte("A"), 40), 0, 40)
	set, err := New(testWords())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte, from, to int) {
		from = max(0, min(from, len(text)))
		to = max(from, min(to, len(text)))
		want := plain(testWords(), text, from, to)
		if got := sorted(set.Append(nil, text, from, to)); !slices.Equal(got, want) {
			t.Fatalf("text %q [%d:%d]: got %v, want %v", text, from, to, got, want)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	set, err := New(testWords())
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("func return the of if err != nil { } := range string bytes int for key value package import test context // and to in is that it was on with as secretly")
	var text []byte
	for len(text) < 1<<20 {
		text = append(append(text, words[rng.IntN(len(words))]...), ' ')
	}
	b.SetBytes(int64(len(text)))
	var hits []Hit
	for b.Loop() {
		hits = set.Append(hits[:0], text, 0, len(text))
	}
}

func TestIndexFold(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"ab", 0}, {"xAb", 1}, {"aab", 1}, {"aAB", 1}, {"\xffaB", 1}, {"", -1}, {"a", -1}, {"ba", -1},
	} {
		if got := IndexFold([]byte(c.text), "ab"); got != c.want {
			t.Errorf("%q: got %d, want %d", c.text, got, c.want)
		}
	}
}
