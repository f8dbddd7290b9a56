package report

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// check reports an error if required fields are missing, and restores names.
func (f *Finding) check() error {
	switch {
	case f.RuleID == "":
		return errors.New("no rule_id")
	case !isHex(f.Fingerprint, scanner.FingerprintLen):
		return errors.New("no fingerprint")
	case f.Kind == "" || slices.ContainsFunc(f.Related, func(p Part) bool { return p.Kind == "" }):
		return errors.New("no kind")
	}
	if f.Family == "" { // a report of version 0.1, whose rules have IDs such as aws-key-pair
		if family, _, ok := strings.Cut(f.RuleID, "-"); ok && patterns.FamilyOf(family).ID != "" {
			f.Family = family
		}
	}
	f.Severity = cmp.Or(f.Severity, patterns.Medium)
	if h := f.History; h != nil && h.AtOrBefore {
		h.Author, h.AuthorBytes = "", ""
	}
	return f.unwire()
}

func isHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdef") == ""
}

// mask masks possible secrets: the report may contain them, or be forged.
func (r *Report) mask() error {
	secrets, err := newSpill(r.Findings)
	if err != nil {
		return err
	}
	shows := r.revealed || secrets.any()
	for i := range r.Findings {
		r.Findings[i].cover(shows)
	}
	secrets.mask(reflect.ValueOf(r))
	for i := range r.Findings {
		f := &r.Findings[i]
		if !isHex(f.Fingerprint, scanner.FingerprintLen) {
			return fmt.Errorf("finding %d: its fingerprint repeats a secret", i+1)
		}
		f.mask()
	}
	r.Summary.mask()
	r.Repository.mask()
	r.Version = scanner.MaskRandom(r.Version)
	return nil
}

// cover masks the values of secrets. In a report that contains secrets it masks whole
// excerpts, because a line of a file may contain further secrets or parts of them, in any
// form.
func (f *Finding) cover(shows bool) {
	if isSecret(f.Kind, f.Secret) || f.Secret == "" {
		f.Secret = scanner.Mask
	}
	for i := range f.Related {
		f.Related[i].Secret = ""
	}
	if shows && f.Excerpt != "" {
		f.Excerpt = scanner.Mask
	}
}

// mask masks random text, and removes invalid former fingerprints.
func (f *Finding) mask() {
	f.Former = slices.DeleteFunc(f.Former, func(s string) bool { return !isHex(s, scanner.FingerprintLen) })
	for _, text := range []*string{
		&f.RuleID, &f.Title, &f.Description, &f.AccessKeyID, &f.AccountID, &f.SecretSHA256, &f.Excerpt, &f.Dropped, &f.Note, &f.Fix, &f.Object,
	} {
		*text = scanner.MaskRandom(*text)
	}
	for _, text := range []*string{&f.DroppedBy, &f.DecodedFrom} { // these contain paths
		*text = maskPath(*text)
	}
	if f.Evidence != nil {
		f.Evidence.KeyID = scanner.MaskRandom(f.Evidence.KeyID)
		for i := range f.Evidence.Facts {
			fact := &f.Evidence.Facts[i]
			fact.Name, fact.Value = scanner.MaskRandom(fact.Name), scanner.MaskRandom(fact.Value)
		}
		for i := range f.Evidence.Parts {
			f.Evidence.Parts[i].RuleID = scanner.MaskRandom(f.Evidence.Parts[i].RuleID)
		}
	}
	for i := range f.Related {
		f.Related[i].RuleID = scanner.MaskRandom(f.Related[i].RuleID)
	}
	if h := f.History; h != nil {
		for _, text := range []*string{&h.Commit, &h.Author, &h.Date, &h.Tag, &h.Removed, &h.RemovedDate} {
			*text = scanner.MaskRandom(*text)
		}
		h.Paths, h.Branches, h.Tags = each(h.Paths, maskPath), each(h.Branches, maskName), each(h.Tags, maskName)
	}
}

// mask removes credentials, which the URL may contain.
func (r *Repository) mask() {
	if r != nil {
		r.URI = maskPath(RepositoryURI(r.URI))
		r.Revision, r.Branch, r.Prefix = scanner.MaskRandom(r.Revision), maskName(r.Branch), maskPath(r.Prefix)
	}
}

func (s *Summary) mask() {
	s.Errors, s.Partial = each(s.Errors, maskPath), maskPath(s.Partial)
	for i := range s.Skipped {
		s.Skipped[i].Path, s.Skipped[i].Reason = maskPath(s.Skipped[i].Path), maskPath(s.Skipped[i].Reason)
	}
	for i, entry := range s.Stale {
		s.Stale[i] = Stale{Place: maskPath(entry.Place), Problem: maskPath(entry.Problem), Reason: maskPath(entry.Reason)}
	}
	dropped := make(map[string]int)
	for reason, n := range s.Dropped {
		dropped[maskPath(reason)] += n
	}
	s.Dropped = dropped
}
