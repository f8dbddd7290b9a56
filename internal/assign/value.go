package assign

import "bytes"

// value reads the value. It returns false if there is none.
func (p *parser) value() bool {
	if p.element {
		return p.content()
	}
	p.blanks()
	if p.newline && (p.peek() == '|' || p.peek() == '>') {
		p.at++
		if c := p.peek(); c == '-' || c == '+' {
			p.at++
		}
		p.blanks()
		if c := p.peek(); c != '\n' && c != '\r' {
			return false
		}
		p.lines()
		return p.bare()
	}
	if p.newline && (p.peek() == '\n' || p.peek() == '\r') {
		if p.lines(); p.quoteAt(p.at) == 0 {
			return false // the next line is a key of its own
		}
	}
	if p.wrapped() {
		return true
	}
	if found, ok := p.strings(); found || ok {
		return ok
	}
	return p.bare()
}

// content reads the text of an element.
func (p *parser) content() bool {
	start := p.at
	rest := p.text[start:min(len(p.text), start+maxPart)]
	end := bytes.IndexAny(rest, "<\n")
	p.farthest = start + len(rest)
	if end >= 0 {
		p.farthest = start + end + 1
	}
	if end < 0 || p.text[start+end] != '<' {
		return false
	}
	s := trim(p.text, Span{start, start + end})
	if bytes.HasPrefix(p.text[s.Start:s.End], []byte("![CDATA[")) {
		return false
	}
	return p.add(s)
}

// wrapped reads a call around the value: String("value"), b64("value"), getenv("NAME",
// "value").
func (p *parser) wrapped() bool {
	const longestCall = 40
	i := p.at
	for i < min(len(p.text), p.at+longestCall) && (isName(p.text[i]) || p.text[i] == '[' || p.text[i] == ']' || p.text[i] == ':') {
		i++
	}
	if i == p.at || p.byteAt(i) != '(' && p.byteAt(i) != '[' {
		return false
	}
	start := p.at
	name := bytes.ToLower(p.text[p.at:i])
	p.at = i + 1
	if p.quoteAt(p.at) == 0 {
		p.at = start
		return false
	}
	reads := false
	for _, word := range []string{"env", "get", "lookup", "fetch", "config", "secret", "param", "input", "prompt", "variable", "setting", "load", "read"} {
		reads = reads || bytes.Contains(name, []byte(word))
	}
	if !reads {
		_, ok := p.strings()
		return ok
	}
	// The first argument is a name, and the second a default.
	quote := p.quoteAt(p.at)
	if _, ok := p.string(quote); ok {
		p.blanks()
		if p.accept(",") {
			if p.blanks(); p.quoteAt(p.at) > 0 {
				_, ok := p.strings()
				return ok
			}
		}
	}
	p.reference = true
	return p.add(Span{start, p.at})
}

// strings reads strings that are joined. found reports that there is a string, and ok that
// it has an end.
func (p *parser) strings() (found, ok bool) {
	start := p.at
	if p.accept("(") {
		p.lines()
	}
	for n := 0; n < 2 && bytes.IndexByte([]byte("bBuUrRfFL@$"), p.peek()) >= 0; n++ { // b"", @"", u''
		p.at++
	}
	quote := p.quoteAt(p.at)
	if quote == 0 {
		p.at = start
		return false, false
	}
	p.quoted = true
	for len(p.parts) < maxParts {
		s, ok := p.string(quote)
		if !ok {
			return true, len(p.parts) > 0
		}
		if blank := bytes.IndexByte(p.text[s.Start:s.End], ' '); blank > 0 && p.isScheme(Span{s.Start, s.Start + blank}) {
			s = trim(p.text, Span{s.Start + blank, s.End})
		}
		p.parts = append(p.parts, s)
		if !p.joins() {
			break
		}
		if quote = p.quoteAt(p.at); quote == 0 {
			p.reference = true // joined with a variable
			break
		}
	}
	p.judge()
	return true, true
}

// joins skips an operator that joins strings.
func (p *parser) joins() bool {
	start := p.at
	limit := p.limit
	p.limit = min(len(p.text), p.at+maxGap)
	defer func() { p.limit = limit }()
	p.lines()
	switch c := p.peek(); {
	case c == '+' || c == '.' && !isName(p.byteAt(p.at+1)) || c == '&' && p.byteAt(p.at+1) != '&' || c == '\\':
		for p.peek() == c {
			p.at++
		}
		p.lines()
		return true
	case p.quoteAt(p.at) > 0 && p.at > start && !p.newline: // adjacent strings of C and Python
		return true
	}
	p.farthest, p.at = max(p.farthest, p.at), start
	return false
}

// string reads a string with a quote of that length, and returns its content.
func (p *parser) string(quote int) (Span, bool) {
	mark := p.text[p.at : p.at+quote]
	p.at += quote
	if quote == 1 && p.byteAt(p.at) == mark[0] && p.byteAt(p.at+1) == mark[0] { // three quotes
		p.at += 2
	}
	start := p.at
	for end := min(len(p.text), start+maxPart); p.at < end; p.at++ {
		c := p.text[p.at]
		switch {
		case c == '\n' && mark[0] != '`':
			return Span{}, false
		case bytes.HasPrefix(p.text[p.at:], mark):
			s := Span{start, p.at}
			p.at += len(mark)
			return s, true
		case c == '\\' && quote == 1:
			p.at++
		}
	}
	return Span{}, false
}

// bare reads a value without quotes.
func (p *parser) bare() bool {
	start := p.at
	end := min(len(p.text), start+maxPart)
	for p.at < end && !ends(p.text[p.at]) {
		if p.text[p.at] == '\\' && (p.quote == 2 || bytes.IndexByte([]byte("nrt\"'"), p.byteAt(p.at+1)) >= 0) {
			break // the end of a line or a string that is escaped
		}
		p.at++
	}
	s := trim(p.text, Span{start, p.at})
	for s.End > s.Start && (p.text[s.End-1] == ')' || p.text[s.End-1] == '}' || p.text[s.End-1] == ']' || p.text[s.End-1] == '.') {
		s.End--
	}
	if s.Start == s.End {
		return false
	}
	if p.at = s.End; p.isScheme(s) && isBlank(p.peek()) {
		p.at++
		return p.bare()
	}
	p.parts = append(p.parts, s)
	p.judge()
	return true
}

// isScheme reports whether a range is the scheme of an Authorization header (RFC 9110,
// section 11.4), before the credentials.
func (p *parser) isScheme(s Span) bool {
	switch string(bytes.ToLower(p.text[s.Start:s.End])) {
	case "bearer", "basic", "token", "apikey", "ssws", "key":
		return true
	}
	return false
}

// ends reports whether a byte ends a value without quotes.
func ends(c byte) bool {
	return c <= ' ' || isQuote(c) || c == ',' || c == ';' || c == '&' || c == '<' || c == '>' || c == '|'
}

func (p *parser) add(s Span) bool {
	if s.Start >= s.End {
		return false
	}
	p.parts = append(p.parts, s)
	p.judge()
	return true
}

// longestVariable is more than the number of bytes of the name of a variable after $.
const longestVariable = 64

// judge sets reference if the value is the name of something else.
func (p *parser) judge() {
	v := p.text[p.parts[0].Start:p.parts[0].End]
	if len(v) == 0 {
		return
	}
	for _, mark := range []string{"${", "$(", "{{", "<%", "%(", "#{", "@@", "<<", "!!", "ENC[", "ref+", "op://", "vault:", "secretref:"} {
		p.reference = p.reference || bytes.Contains(v, []byte(mark))
	}
	last := v[len(v)-1]
	switch v[0] {
	case '$':
		p.reference = p.reference || len(v) > 1 && len(v) < longestVariable && (isLetter(v[1]) || v[1] == '_') && !bytes.ContainsAny(v[1:], "$/")
	case '%':
		p.reference = p.reference || last == '%'
	case '<':
		p.reference = p.reference || last == '>'
	case '{':
		p.reference = p.reference || last == '}'
	case '[':
		p.reference = p.reference || last == ']'
	}
	if !p.quoted {
		p.reference = p.reference || isCode(v)
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// isCode reports whether a value without quotes is an expression: a call, an element or a
// member such as config.password.
func isCode(v []byte) bool {
	if bytes.ContainsAny(v, "()[]{}*") {
		return true
	}
	if i := bytes.IndexByte(v, '.'); i > 0 && i < len(v)-1 { // words with points
		for _, c := range v {
			if !isLetter(c) && c != '.' && c != '_' {
				return false
			}
		}
		return true
	}
	return false
}

// trim removes the blanks around a range.
func trim(text []byte, s Span) Span {
	for s.Start < s.End && (isBlank(text[s.Start]) || text[s.Start] == '\r') {
		s.Start++
	}
	for s.End > s.Start && (isBlank(text[s.End-1]) || text[s.End-1] == '\r') {
		s.End--
	}
	return s
}
