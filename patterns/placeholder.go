package patterns

import "bytes"

// placeholder reports whether at least half of s consists of texts that stand in for a
// secret: repeats, alphabets, runs of digits, words. A repeated unit is also a
// placeholder.
func placeholder(s []byte) bool {
	upper := bytes.Clone(s)
	for i, c := range upper {
		if 'a' <= c && c <= 'z' {
			upper[i] = c - 'a' + 'A'
		}
	}
	covered := make([]bool, len(s))
	for i := 0; i < len(s); {
		n := max(stepRun(upper[i:], 0), stepRun(upper[i:], 1), stepRun(upper[i:], -1))
		if n >= 4 {
			setAll(covered[i : i+n])
		}
		i += max(n-1, 1)
	}
	for _, word := range placeholderWords() {
		for at := 0; ; at++ {
			i := bytes.Index(upper[at:], []byte(word))
			if i < 0 {
				break
			}
			at += i
			setAll(covered[at : at+len(word)])
		}
	}
	n := 0
	for _, c := range covered {
		if c {
			n++
		}
	}
	return n*2 >= len(s) || periodic(s)
}

func placeholderWords() []string {
	return []string{
		"EXAMPLE", "SAMPLE", "PLACEHOLDER", "CHANGEME", "CHANGETHIS", "REPLACE", "REDACTED", "REMOVED", "DUMMY", "FAKE", "MOCK",
		"TEST", "YOUR", "SECRET", "ACCESS", "PASSWORD", "HERE", "KEY", "XXX", "INVALID", "NOTREAL", "NOTAREAL", "THISIS", "FOOBAR", "HIDDEN", "QWERTYUIOP", "ASDFGHJKL", "ASDFGH", "ZXCVBN",
	}
}

// stepRun returns the number of bytes at the start of s that differ from the previous one
// by step. As on a keyboard, 0 follows 9.
func stepRun(s []byte, step int) int {
	n := 1
	for n < len(s) && (int(s[n]) == int(s[n-1])+step || step == 1 && s[n-1] == '9' && s[n] == '0') {
		n++
	}
	return n
}

// periodic reports whether s repeats a unit of at most a quarter of its length.
func periodic(s []byte) bool {
	for p := 1; p <= len(s)/4; p++ {
		if bytes.Equal(s[p:], s[:len(s)-p]) {
			return true
		}
	}
	return false
}

func setAll(b []bool) {
	for i := range b {
		b[i] = true
	}
}
