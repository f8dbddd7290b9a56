package scanner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/keyguard/keyguard/internal/decode"
	"github.com/keyguard/keyguard/patterns"
)

// textOf returns an opener of a text.
func textOf(text string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

// allLines contains every line of any text.
func allLines() Lines { return Lines{{1, math.MaxInt}} }

func TestAddedLines(t *testing.T) {
	for _, c := range []struct {
		name, old, text string
		want            Lines
	}{
		{"nothing", "a\nb\n", "a\nb\n", nil},
		{"new file", "", "a\nb", Lines{{First: 1, Last: 2}}},
		{"a line changed", "a\nb\nc\n", "a\nB\nc\n", Lines{{First: 2, Last: 2}}},
		{"a line moved", "a\nb\nc\n", "c\na\nb\n", nil},
		{"a line doubled at the end", "a\nb\n", "a\nb\na\n", Lines{{First: 3, Last: 3}}},
		{"a line doubled at the start", "a\nb\n", "b\na\nb\n", Lines{{First: 1, Last: 1}}},
		{"a line doubled amid other changes", "a\nb\nc\n", "x\nb\nb\ny\n", Lines{{First: 1, Last: 4}}},
		{"a line doubled where it stands", "a\n", "a\na\n", Lines{{First: 2, Last: 2}}},
		{"a line gone", "a\nb\na\n", "a\nb\n", nil},
		{"all gone", "a\n", "", nil},
		{"line ends changed", "a\nb\n", "a\r\nb\r\n", nil},
		{"last line gets its end", "a", "a\n", nil},
		{"the mark is no part of the first line", "\xef\xbb\xbfa\n", "\xef\xbb\xbfnew\na\n", Lines{{First: 1, Last: 1}}},
		{"utf-16 above an unchanged line", "\xff\xfea\x00\n\x00", "\xff\xfeb\x00\n\x00a\x00\n\x00", Lines{{First: 1, Last: 1}}},
		{"utf-32", "\xff\xfe\x00\x00\x0a\x01\x00\x00\n\x00\x00\x00", "\xff\xfe\x00\x00\x0a\x01\x00\x00\n\x00\x00\x00b\x00\x00\x00\n\x00\x00\x00", Lines{{First: 2, Last: 3}}},
		{"utf-16", "\xff\xfea\x00\n\x00", "\xff\xfea\x00\n\x00b\x00\n\x00", Lines{{First: 2, Last: 2}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := AddedLines(t.Context(), textOf(c.old), textOf(c.text), allLines())
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v and %v, want %v", got, err, c.want)
			}
		})
	}
}

// linesInMemory is AddedLines on texts in memory.
func linesInMemory(old, text []byte) Lines {
	lines := bytesInMemory(old, text)
	if u, ok := decode.UnitsOf(text); ok {
		lines = append(lines, bytesInMemory(u.Narrow(nil, old), u.Narrow(nil, text))...)
	}
	return ordered(lines)
}

func bytesInMemory(oldText, newText []byte) (out Lines) {
	old, text, count := splitLines(oldText), splitLines(newText), make(map[string]int)
	n := 0
	for len(old) > 0 && len(text) > 0 && old[0] == text[0] {
		old, text = old[1:], text[1:]
		n++
	}
	for len(old) > 0 && len(text) > 0 && old[len(old)-1] == text[len(text)-1] {
		old, text = old[:len(old)-1], text[:len(text)-1]
	}
	for _, line := range old {
		count[line]--
	}
	for _, line := range text {
		count[line]++
	}
	for i, line := range text {
		if count[line] > 0 {
			out = append(out, LineRange{n + i + 1, n + i + 1})
		}
	}
	return out
}

func splitLines(text []byte) (out []string) {
	for _, mark := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff", "\xff"} {
		if rest, ok := bytes.CutPrefix(text, []byte(mark)); ok {
			text = rest
			break
		}
	}
	for line := range bytes.Lines(text) {
		out = append(out, string(bytes.Trim(line, "\x00\r\n")))
	}
	return out
}

// TestAddedLinesEqualThoseInMemory compares the lines with those of a simple function on
// random texts.
func TestAddedLinesEqualThoseInMemory(t *testing.T) {
	long := strings.Repeat("x", maxLine)
	pieces := map[string][]string{
		"text":   {"a\n", "b\n", "c\r\n", "\n", "a", "b"},
		"utf-16": {"a\x00", "b\x00", "\n\x00", "\r\x00\n\x00", "\n\x01"},
		"utf-32": {"a\x00\x00\x00", "b\x00\x00\x00", "\n\x00\x00\x00"},
		"long":   {long, long[1:], long[:100], "\n", "\r\n", "\x00", strings.Repeat("\x00", maxLine), strings.Repeat("\r", maxLine+1)},
	}
	marks := map[string][]string{"text": {"", "\xef\xbb\xbf", "\xff"}, "utf-16": {"\xff\xfe"}, "utf-32": {"\xff\xfe\x00\x00"}, "long": {""}}
	rng := rand.New(rand.NewPCG(3, 5))
	for kind, parts := range pieces {
		added, rounds := 0, 4000
		if kind == "long" {
			rounds = 400
		}
		for range rounds {
			random := func() string {
				text := marks[kind][rng.IntN(len(marks[kind]))]
				for range rng.IntN(12) {
					text += parts[rng.IntN(len(parts))]
				}
				return text
			}
			old, text := random(), random()
			touched := Lines{{1 + rng.IntN(4), 3 + rng.IntN(4)}, {9, 9}}
			if rng.IntN(2) == 0 {
				touched = allLines()
			}
			got, err := AddedLines(t.Context(), textOf(old), textOf(text), touched)
			want := ordered(linesInMemory([]byte(old), []byte(text)).And(touched))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %.99q, then %.99q, touched %v: got %v and %v, want %v", kind, old, text, touched, got, err, want)
			}
			added += len(got)
		}
		if added < rounds/4 {
			t.Errorf("%s: only %d lines in %d texts are added", kind, added, rounds)
		}
	}
}

// TestManyTouchedLines: with too many touched lines, a line that moved counts as added.
func TestManyTouchedLines(t *testing.T) {
	body := strings.Repeat("x\n", manyTouched-2)
	for name, c := range map[string]struct {
		text string
		want Lines
	}{
		"as many as are kept": {body, nil},
		"one more":            {body + "x\n", Lines{{1, manyTouched + 1}}},
	} {
		got, err := AddedLines(t.Context(), textOf("a\n"+c.text+"b\n"), textOf("b\n"+c.text+"a\n"), allLines())
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v and %v, want %v", name, got, err, c.want)
		}
	}
}

// TestAddedLinesHoldLittle counts the bytes allocated for versions of 2 MiB.
func TestAddedLinesHoldLittle(t *testing.T) {
	const size, most = 2 << 20, 128 << 10
	for name, line := range map[string]string{"empty lines": "\n", "short lines": "a line\n", "one line": "word "} {
		text := strings.Repeat(line, size/len(line))
		version := func(last string) func() (io.ReadCloser, error) {
			return func() (io.ReadCloser, error) {
				return io.NopCloser(io.MultiReader(strings.NewReader(text), strings.NewReader(last))), nil
			}
		}
		n := strings.Count(text, "\n") + 1
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got, err := AddedLines(t.Context(), version("old"), version("new"), Lines{{1, 1}, {n, n}})
		runtime.ReadMemStats(&after)
		if err != nil || !reflect.DeepEqual(got, Lines{{n, n}}) {
			t.Errorf("%s: got %v and %v, want line %d", name, got, err, n)
		}
		if held := after.TotalAlloc - before.TotalAlloc; held > most {
			t.Errorf("%s: %d bytes allocated, more than %d", name, held, most)
		}
	}
}

// TestAddedLinesFail: a read error of either version is returned.
func TestAddedLinesFail(t *testing.T) {
	broken := func() (io.ReadCloser, error) { return nil, io.ErrClosedPipe }
	cut := func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(io.ErrClosedPipe))), nil
	}
	for name, c := range map[string]struct{ old, text func() (io.ReadCloser, error) }{
		"old is not there":  {broken, textOf("a")},
		"text is not there": {textOf("a"), broken},
		"old ends early":    {cut, textOf("a\nb\nc")},
		"text ends early":   {textOf("a\nb\nc"), cut},
	} {
		if _, err := AddedLines(t.Context(), c.old, c.text, allLines()); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := AddedLines(ctx, textOf("a"), textOf("b"), allLines()); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: got %v", err)
	}
}

func TestTouchedLines(t *testing.T) {
	on := func(first, last int, related ...Part) Finding {
		return Finding{Span: Span{Line: first, EndLine: last}, Related: related}
	}
	for _, c := range []struct {
		name     string
		findings []Finding
		want     Lines
	}{
		{"none", nil, nil},
		{"a finding", []Finding{on(2, 3)}, Lines{{2, 3}}},
		{"its part", []Finding{on(9, 9, Part{Kind: patterns.AccessKeyID, Span: Span{Line: 7, EndLine: 7}})}, Lines{{7, 7}, {9, 9}}},
		{"one line twice", []Finding{on(5, 6), on(1, 3), on(2, 2)}, Lines{{1, 3}, {5, 6}}},
		{"side by side", []Finding{on(2, 2), on(1, 1)}, Lines{{1, 2}}},
		{"in an archive", []Finding{on(2, 2), {DecodedFrom: Decoding{Member: "m"}}}, allLines()},
	} {
		if got := TouchedLines(c.findings...); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
