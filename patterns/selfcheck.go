package patterns

import (
	"errors"
	"fmt"

	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/internal/synth"
)

// Check validates the rule, and runs it on its examples and counter-examples. Examples
// are only found at keywords, so it also proves that these are necessary. The error joins
// one error per failure.
func (r *Rule) Check() error {
	set, err := NewSet(&File{Rules: []*Rule{r}})
	if err != nil {
		return err
	}
	if r.Near != nil {
		return nil // examples need a finding near them
	}
	var errs []error
	if len(r.Examples) == 0 || len(r.CounterExamples) == 0 {
		errs = append(errs, fmt.Errorf("rule %s: give at least one of examples and counter_examples each", r.ID))
	}
	try := func(what, template string, seed int, want bool) {
		text, err := synth.New(uint64(seed)).Expand(template)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("rule %s: %s %d: %w", r.ID, what, seed+1, err))
		case set.finds(r, []byte(text)) != want:
			verb := map[bool]string{true: "does not find", false: "finds"}[want]
			errs = append(errs, fmt.Errorf("rule %s %s its %s %d: %s", r.ID, verb, what, seed+1, template))
		}
	}
	for i, e := range r.Examples {
		try("example", e, i, true)
	}
	for i, e := range r.CounterExamples {
		try("counter-example", e, i, false)
	}
	return errors.Join(errs...)
}

// finds reports whether r, the only rule of s, has a match in text that no check drops.
func (s *Set) finds(r *Rule, text []byte) bool {
	if len(r.Paths) > 0 {
		_, ok := r.MatchFile(text)
		return ok
	}
	literals, err := literal.New(s.words)
	if err != nil {
		return false
	}
	for _, hit := range literals.Append(nil, text, 0, len(text)) {
		if s.IsAnchor(hit.Word) {
			found := s.MatchAssigned(text, hit.Pos, hit.Pos+len(s.words[hit.Word].Text))
			for _, m := range found.Matches {
				if m.Drop.IsZero() && (m.Alone || !r.isAlone()) {
					return true
				}
			}
		}
		for _, r := range s.RulesOf(hit.Word) {
			if m, ok := r.MatchAt(text, hit.Pos); ok && m.Drop.IsZero() && (m.Alone || !r.isAlone()) {
				return true
			}
		}
	}
	return false
}
