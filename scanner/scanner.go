package scanner

import (
	"runtime"
	"slices"
	"sync"

	"github.com/keyguard/keyguard/internal/decode"
	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

// Options configure a Scanner. The zero value is ready to use.
type Options struct {
	Jobs int // workers; 0: one per CPU that Go may use
	// Watch is literals of at least four bytes. Result.Watched lists their occurrences in
	// the text of a blob itself.
	Watch []string
}

// Scanner finds credentials with a set of rules. It is immutable and safe for concurrent
// use.
type Scanner struct {
	set      *patterns.Set
	literals *literal.Set // keywords of rules, then of decoders, unpack.ZipEndMark, watch
	rules    int          // number of keywords of rules
	decoders []decoder
	zipEnd   int // index of unpack.ZipEndMark among the literals
	watch    []string
	jobs     int
	// Numbers of bytes before and after a keyword that the scanner may read.
	before, after int
	nearBytes     int
	nearReach     func() (before, after int) // bytes around a candidate that near rules depend on
	pairBytes     int64
}

// New returns a scanner for set.
func New(set *patterns.Set, opts Options) *Scanner {
	s := &Scanner{set: set, rules: len(set.Words()), watch: opts.Watch, jobs: opts.Jobs}
	encoded := newDecoders(set.EncodedWords())
	s.decoders = encoded.decoders
	s.zipEnd = s.rules + len(s.decoders)
	words := append(encoded.words, literal.Word{Text: unpack.ZipEndMark})
	for _, word := range opts.Watch {
		words = append(words, literal.Word{Text: word})
	}
	literals, err := literal.New(slices.Concat(set.Words(), words))
	if err != nil {
		panic(err) // the set's keywords are checked, and the others are constants
	}
	s.literals = literals
	if s.jobs <= 0 {
		s.jobs = runtime.GOMAXPROCS(0)
	}
	s.before, s.after, s.nearBytes = s.margins()
	s.nearReach = sync.OnceValues(s.reachOfNear)
	for _, p := range set.Pairs {
		s.pairBytes = max(s.pairBytes, int64(p.Bytes))
	}
	return s
}

// Words returns the words of the prefilter. The keywords of rules come first.
func (s *Scanner) Words() []literal.Word { return s.literals.Words() }

// reachOfNear returns the greatest distances around a candidate that near rules depend on.
// It compiles these rules.
func (s *Scanner) reachOfNear() (before, after int) {
	for _, r := range s.set.NearRules() {
		b, a := r.Reach()
		before, after = max(before, r.Near.Bytes+b), max(after, r.Near.Bytes+a)
	}
	return before, after
}

// margins returns the greatest distances around a keyword that the scanner may read, for
// any rules.
func (s *Scanner) margins() (before, after, near int) {
	for _, r := range s.set.NearRules() {
		near = max(near, r.Near.Bytes)
	}
	before = patterns.MaxReach + decode.Before + near + markReach
	after = patterns.MaxReach + decode.After + near + markReach
	return before, after, near + decode.Before + patterns.MaxReach
}
