package report

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// check makes sure that a finding that was read is one.
func (f *Finding) check() error {
	switch {
	case f.RuleID == "":
		return errors.New("it has no rule_id")
	case !isHex(f.Fingerprint, scanner.FingerprintLen):
		return errors.New("it has no fingerprint")
	case f.Kind == "" || slices.ContainsFunc(f.Related, func(p Part) bool { return p.Kind == "" }):
		return errors.New("it has no kind")
	}
	if f.PathBytes != "" {
		path, err := base64.StdEncoding.DecodeString(f.PathBytes)
		if err != nil {
			return errors.New("its path_bytes are not base64")
		}
		f.Path = string(path)
	}
	return nil
}

func isHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdef") == ""
}

// mask masks again what may be a secret: a report may have been written with
// secrets, or by somebody else.
func (f *Finding) mask() {
	secret := f.Secret
	if f.Kind != patterns.AccessKeyID || !isKeyID(secret) {
		f.Secret = scanner.Mask
	}
	hide := func(text *string) {
		if secret != f.Secret && secret != "" { // it was shown, and may be short
			*text = strings.ReplaceAll(*text, secret, scanner.Mask)
		}
		*text = scanner.MaskRandom(*text)
	}
	for _, text := range []*string{
		&f.RuleID, &f.Title, &f.Description, &f.AccessKeyID, &f.AccountID, &f.SecretSHA256, &f.Excerpt, &f.Dropped, &f.Note, &f.Fix, &f.Object,
	} {
		hide(text)
	}
	for _, text := range []*string{&f.DroppedBy, &f.DecodedFrom} { // paths are in these
		if secret != f.Secret && secret != "" {
			*text = strings.ReplaceAll(*text, secret, scanner.Mask)
		}
		*text = maskPath(*text)
	}
	if f.Evidence != nil {
		hide(&f.Evidence.KeyID)
		for i := range f.Evidence.Parts {
			hide(&f.Evidence.Parts[i].RuleID)
		}
	}
	for i := range f.Related {
		hide(&f.Related[i].RuleID)
	}
	if h := f.History; h != nil {
		for _, text := range []*string{&h.Commit, &h.Author, &h.Date, &h.Tag, &h.Removed, &h.RemovedDate} {
			hide(text)
		}
		h.Paths, h.Branches, h.Tags = each(h.Paths, maskPath), each(h.Branches, maskName), each(h.Tags, maskName)
	}
}

// isKeyID reports whether text has the shape of an access key id.
func isKeyID(text string) bool {
	return len(text) >= 16 && len(text) < 32 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// mask takes out credentials: a URL may have been written with them.
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
		s.Stale[i] = Stale{maskPath(entry.Place), maskPath(entry.Problem), maskPath(entry.Reason)}
	}
	dropped := make(map[string]int)
	for reason, n := range s.Dropped {
		dropped[maskPath(reason)] += n
	}
	s.Dropped = dropped
}
