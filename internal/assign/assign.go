package assign

// Before and After are the numbers of bytes before and after a word that Parse reads.
const (
	Before = maxName + 8
	After  = maxName + maxGap + maxParts*maxPart
)

const (
	maxName  = 80   // bytes of a name on either side of the word
	maxGap   = 160  // bytes between a name and its value
	maxPart  = 1024 // bytes of a string
	maxParts = 4    // strings of a value
)

// Span is a range of a text: bytes Start to End, End excluded.
type Span struct{ Start, End int }

// Assignment is a name with its value.
type Assignment struct {
	Name  Span
	Parts []Span // the value: several if it is joined from strings
	// Quoted reports that the value is in quotes.
	Quoted bool
	// Reference reports that the text names the value and does not contain it: a variable, a
	// call, a template.
	Reference bool
}

// Parse returns the assignment to the name around the word text[at:end]. ok is false if the
// text assigns nothing to it. The result depends on at most after bytes after at.
func Parse(text []byte, at, end int) (a Assignment, after int, ok bool) {
	from, to := max(0, at-Before), min(len(text), end+After)
	p := parser{text: text[:to], from: from}
	p.name = Span{at, end}
	for p.name.Start > max(from, at-maxName) && isName(text[p.name.Start-1]) {
		p.name.Start--
	}
	if first := p.byteAt(p.name.Start); p.name.Start < at && p.before(1) == '\\' && (first == 'n' || first == 'r' || first == 't') {
		p.name.Start++ // the end of an escaped line break
	}
	p.at = end
	for p.at < min(to, end+maxName) && isName(text[p.at]) {
		p.at++
	}
	p.name.End = p.at
	p.limit = min(to, p.at+maxGap)
	for p.name.End > end && (text[p.name.End-1] == '-' || text[p.name.End-1] == '.') {
		p.name.End--
	}
	ok = p.operator() && p.value()
	after = max(p.at, p.farthest) + lookahead - at
	if !ok {
		return a, after, false
	}
	return Assignment{Name: p.name, Parts: p.parts, Quoted: p.quoted, Reference: p.reference}, after, true
}

// lookahead is the greatest number of bytes that a step of the parser reads and does not
// skip.
const lookahead = 64

// AppendValue appends the value to dst, without the escapes of strings.
func (a *Assignment) AppendValue(dst, text []byte) []byte {
	for _, s := range a.Parts {
		part := text[s.Start:s.End]
		if !a.Quoted {
			dst = append(dst, part...)
			continue
		}
		for i := 0; i < len(part); i++ {
			if part[i] == '\\' && i+1 < len(part) && (part[i+1] == '\\' || part[i+1] == '/' || part[i+1] == '"' || part[i+1] == '\'') {
				i++
			}
			dst = append(dst, part[i])
		}
	}
	return dst
}

// parser reads one assignment.
type parser struct {
	text      []byte
	from      int // first byte that it may read
	at        int // next byte
	farthest  int // an earlier value of at; it may be farther
	limit     int // end of the gap between the name and the value
	name      Span
	quote     int  // length of the quote around the name: 0, 1, or 2 if it is escaped
	newline   bool // the value may start in the next line
	element   bool // the value ends before the next tag
	words     bool // the value is the next word, or quoted
	parts     []Span
	quoted    bool
	reference bool
}

func isName(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.' || c == '$'
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// peek returns the next byte, or 0 at the end.
func (p *parser) peek() byte { return p.byteAt(p.at) }

func (p *parser) byteAt(i int) byte {
	if i < 0 || i >= len(p.text) {
		return 0
	}
	return p.text[i]
}

func (p *parser) before(n int) byte {
	if i := p.name.Start - n; i >= p.from {
		return p.text[i]
	}
	return 0
}

func (p *parser) blanks() {
	for p.at < p.limit && isBlank(p.peek()) {
		p.at++
	}
}

// lines skips blanks and line breaks.
func (p *parser) lines() {
	for p.at < p.limit && (isBlank(p.peek()) || p.peek() == '\n' || p.peek() == '\r') {
		p.at++
	}
}

// accept skips a text if it is next.
func (p *parser) accept(s string) bool {
	if p.at+len(s) > len(p.text) || string(p.text[p.at:p.at+len(s)]) != s {
		return false
	}
	p.at += len(s)
	return true
}

// quoteAt returns the length of the quote at i: 2 if a backslash is before it, or 0.
func (p *parser) quoteAt(i int) int {
	switch {
	case isQuote(p.byteAt(i)):
		return 1
	case p.byteAt(i) == '\\' && isQuote(p.byteAt(i+1)):
		return 2
	}
	return 0
}

// operator skips the text between the name and the value. It returns false if there is no
// assignment.
func (p *parser) operator() bool {
	if p.before(1) == '<' && p.before(2) != '<' {
		return p.tag()
	}
	if p.quote = p.quoteAt(p.at); p.quote > 0 {
		p.at += p.quote
	}
	for p.at < p.limit && (p.peek() == ']' || p.peek() == ')' || p.peek() == '}') {
		if p.at++; p.byteAt(p.at-1) == ')' {
			return p.fallback()
		}
	}
	blank := isBlank(p.peek())
	p.blanks()
	switch c := p.peek(); {
	case c == '=':
		return p.equals()
	case c == ':':
		return p.colon()
	case (c == '?' || c == '+' || c == '|') && p.byteAt(p.at+1) == '=':
		p.at += 2
		return true
	case c == '(' && p.quote == 0:
		p.at++
		p.blanks()
		return p.quoteAt(p.at) > 0
	case c == ',' && p.quote > 0 && isQuote(p.before(1)):
		p.at++
		p.lines()
		return p.pair() || p.quoteAt(p.at) > 0
	case c == '{' && p.quote > 0:
		return p.block()
	case c == '{':
		return p.accessors()
	case c == '\n' || c == '\r':
		p.lines()
		return p.pair()
	case blank:
		p.words = p.before(1) == '-' || p.byteAt(p.name.Start) == '-'
		return p.pair() || p.words && p.peek() != '-' || p.quoteAt(p.at) > 0
	}
	return false
}

// equals skips = and =>, but not a comparison.
func (p *parser) equals() bool {
	p.at++
	switch p.peek() {
	case '=', '~':
		return false
	case '>':
		p.at++
	}
	return true
}

// colon skips : and :=, and a type before = as in Python and Go.
func (p *parser) colon() bool {
	p.at++
	switch p.peek() {
	case ':', '/':
		return false
	case '=':
		p.at++
		return true
	}
	p.newline = true
	const longestType = 40
	i := p.at
	for i < min(len(p.text), p.at+longestType) && (isName(p.text[i]) || isBlank(p.text[i]) || p.text[i] == '[' || p.text[i] == ']' || p.text[i] == '|' || p.text[i] == '?' || p.text[i] == '&') {
		i++
	}
	if p.byteAt(i) == '=' && p.byteAt(i+1) != '=' && i > p.at && p.quoteAt(p.at) == 0 && isBlank(p.byteAt(i-1)) {
		p.at = i + 1
	}
	return true
}

// tag skips the rest of an XML tag.
func (p *parser) tag() bool {
	for p.at < p.limit && p.peek() != '>' && p.peek() != '<' && p.peek() != '\n' {
		p.at++
	}
	if p.peek() != '>' || p.byteAt(p.at-1) == '/' {
		return false
	}
	p.at++
	p.element = true
	return true
}

// fallback skips the operator before the default of a call: getenv("NAME") || "value".
func (p *parser) fallback() bool {
	p.blanks()
	for _, op := range []string{"||", "??", "or ", "?:", ".unwrap_or("} {
		if p.accept(op) {
			p.blanks()
			return p.quoteAt(p.at) > 0
		}
	}
	return false
}

// pair skips the name of a value in a list of names and values: value: and "value":, and
// value= in a tag.
func (p *parser) pair() bool {
	start := p.at
	p.at += p.quoteAt(p.at)
	for _, name := range []string{"value", "Value", "val", "content", "default", "plainvalue"} {
		if p.accept(name) {
			p.at += p.quoteAt(p.at)
			p.blanks()
			if c := p.peek(); c == ':' || c == '=' && p.byteAt(p.at+1) != '=' {
				p.at++
				p.newline = c == ':'
				return true
			}
			break
		}
	}
	p.farthest, p.at = max(p.farthest, p.at), start
	return false
}

// accessors skips { get; set; } = of C#.
func (p *parser) accessors() bool {
	const longest = 60
	p.at++
	p.blanks()
	if !p.accept("get") {
		return false
	}
	for end := min(p.limit, p.at+longest); p.at < end && p.peek() != '}' && p.peek() != '\n'; p.at++ {
	}
	if !p.accept("}") {
		return false
	}
	p.blanks()
	return p.peek() == '=' && p.equals()
}

// block skips the start of a block of HCL up to its default.
func (p *parser) block() bool {
	for p.at++; p.at < p.limit && p.peek() != '}'; p.at++ {
		if p.peek() == 'd' && isBlank(p.byteAt(p.at-1)) && p.accept("default") {
			p.blanks()
			return p.peek() == '=' && p.equals()
		}
	}
	return false
}
