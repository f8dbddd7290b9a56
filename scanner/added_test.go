package scanner_test

import (
	"reflect"
	"testing"

	"github.com/keyguard/keyguard/scanner"
)

func TestAddedLines(t *testing.T) {
	for _, c := range []struct {
		name, old, text string
		want            scanner.Lines
	}{
		{"nothing", "a\nb\n", "a\nb\n", nil},
		{"new file", "", "a\nb", scanner.Lines{{First: 1, Last: 2}}},
		{"a line changed", "a\nb\nc\n", "a\nB\nc\n", scanner.Lines{{First: 2, Last: 2}}},
		{"a line moved", "a\nb\nc\n", "c\na\nb\n", nil},
		{"a line doubled at the end", "a\nb\n", "a\nb\na\n", scanner.Lines{{First: 3, Last: 3}}},
		{"a line doubled at the start", "a\nb\n", "b\na\nb\n", scanner.Lines{{First: 1, Last: 1}}},
		{"a line doubled amid other changes", "a\nb\nc\n", "x\nb\nb\ny\n", scanner.Lines{{First: 1, Last: 4}}},
		{"a line doubled where it stands", "a\n", "a\na\n", scanner.Lines{{First: 2, Last: 2}}},
		{"a line gone", "a\nb\na\n", "a\nb\n", nil},
		{"all gone", "a\n", "", nil},
		{"line ends changed", "a\nb\n", "a\r\nb\r\n", nil},
		{"last line gets its end", "a", "a\n", nil},
		{"the mark is no part of the first line", "\xef\xbb\xbfa\n", "\xef\xbb\xbfnew\na\n", scanner.Lines{{First: 1, Last: 1}}},
		{"utf-16 above an unchanged line", "\xff\xfea\x00\n\x00", "\xff\xfeb\x00\n\x00a\x00\n\x00", scanner.Lines{{First: 1, Last: 1}, {First: 1, Last: 1}}},
		{"utf-32", "\xff\xfe\x00\x00\x0a\x01\x00\x00\n\x00\x00\x00", "\xff\xfe\x00\x00\x0a\x01\x00\x00\n\x00\x00\x00b\x00\x00\x00\n\x00\x00\x00", scanner.Lines{{First: 3, Last: 3}, {First: 2, Last: 2}}},
		{"utf-16", "\xff\xfea\x00\n\x00", "\xff\xfea\x00\n\x00b\x00\n\x00", scanner.Lines{{First: 2, Last: 2}, {First: 2, Last: 2}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := scanner.AddedLines([]byte(c.old), []byte(c.text)); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
