package config

import (
	"fmt"
	"strings"
)

// locator parses the structure of valid TOML.
type locator struct {
	text   string
	at     int
	places index
	arrays map[string]int // number of tables of each array
}

func locate(text string) index {
	l := &locator{text: text, places: make(index), arrays: make(map[string]int)}
	table := ""
	for l.skip(" \t\r\n"); l.at < len(l.text); l.skip(" \t\r\n") {
		if l.peek() == '[' {
			table = l.header()
		} else {
			l.pair(table)
		}
	}
	return l.places
}

func (l *locator) peek() byte {
	if l.at < len(l.text) {
		return l.text[l.at]
	}
	return 0
}

// skip skips these characters and comments.
func (l *locator) skip(chars string) {
	for l.at < len(l.text) {
		switch {
		case l.text[l.at] == '#':
			for l.at < len(l.text) && l.text[l.at] != '\n' {
				l.at++
			}
		case strings.IndexByte(chars, l.text[l.at]) >= 0:
			l.at++
		default:
			return
		}
	}
}

// header reads [a.b] or [[a.b]] and returns the table's path.
func (l *locator) header() string {
	start := l.at
	array := strings.HasPrefix(l.text[l.at:], "[[")
	for l.peek() == '[' {
		l.at++
	}
	keys := l.key()
	for l.skip(" \t"); l.peek() == ']'; {
		l.at++
	}
	path := ""
	for i, k := range keys {
		path = join(path, k)
		last := i == len(keys)-1
		if last && array {
			l.arrays[path]++
		}
		if n := l.arrays[path]; n > 0 {
			path = fmt.Sprintf("%s[%d]", path, n-1)
		}
	}
	l.places[path] = span{start, l.at}
	return path
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// key reads a dotted key.
func (l *locator) key() []string {
	var keys []string
	for {
		l.skip(" \t")
		start := l.at
		if c := l.peek(); c == '"' || c == '\'' {
			l.value("")
			keys = append(keys, strings.Trim(l.text[start:l.at], `"'`))
		} else {
			for l.at < len(l.text) && strings.IndexByte(" \t.=]\n", l.text[l.at]) < 0 {
				l.at++
			}
			keys = append(keys, l.text[start:l.at])
		}
		if l.skip(" \t"); l.peek() != '.' {
			return keys
		}
		l.at++
	}
}

// pair reads key = value.
func (l *locator) pair(table string) {
	start := l.at
	path := table
	for _, k := range l.key() {
		path = join(path, k)
	}
	end := l.at
	for end > start && (l.text[end-1] == ' ' || l.text[end-1] == '\t') {
		end--
	}
	l.places[path] = span{start, end}
	l.at++ // the equals sign
	l.skip(" \t")
	l.value(path)
}

// value reads any value.
func (l *locator) value(path string) {
	rest := l.text[min(l.at, len(l.text)):]
	switch {
	case strings.HasPrefix(rest, `"""`), strings.HasPrefix(rest, "'''"):
		l.quoted(rest[:3])
	case strings.HasPrefix(rest, `"`), strings.HasPrefix(rest, "'"):
		l.quoted(rest[:1])
	case strings.HasPrefix(rest, "["):
		l.at++
		for n := 0; ; n++ {
			if l.skip(" \t\r\n,"); l.peek() == ']' || l.peek() == 0 {
				break
			}
			start, element := l.at, path // keys have no arrays of arrays
			if !strings.HasSuffix(path, "]") {
				element = fmt.Sprintf("%s[%d]", path, n)
			}
			l.value(element)
			l.places[element] = span{start, l.at}
		}
		l.at++
	case strings.HasPrefix(rest, "{"):
		l.at++
		for l.skip(" \t\r\n,"); l.peek() != '}' && l.peek() != 0; l.skip(" \t\r\n,") {
			l.pair(path)
		}
		l.at++
	default:
		l.at++
		for l.at < len(l.text) && strings.IndexByte(",]}#\r\n", l.text[l.at]) < 0 {
			l.at++
		}
	}
}

// quoted reads a string. Up to two quotes may directly precede the three that close a
// long string.
func (l *locator) quoted(quote string) {
	l.at += len(quote)
	for l.at < len(l.text) {
		switch {
		case quote[0] == '"' && l.text[l.at] == '\\':
			l.at += 2
		case strings.HasPrefix(l.text[l.at:], quote):
			for l.at += len(quote); len(quote) == 3 && l.peek() == quote[0]; l.at++ {
			}
			return
		default:
			l.at++
		}
	}
}
