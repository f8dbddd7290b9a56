package peer

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/scanner"
)

// detectSecretsFile is a .secrets.baseline of detect-secrets 1.x.
type detectSecretsFile struct {
	Version string
	Plugins []map[string]any `json:"plugins_used"`
	Filters []struct {
		Path    string
		Pattern json.RawMessage
	} `json:"filters_used"`
	Exclude struct{ Files, Lines string } // before version 1
	Results map[string][]struct {
		Type     string
		Hash     string `json:"hashed_secret"` // SHA-1 of the secret
		Line     int    `json:"line_number"`
		IsSecret *bool  `json:"is_secret"`
	}
}

// DetectSecrets reads a .secrets.baseline. Entries whose secret keyguard finds in the
// same file become baseline entries.
func DetectSecrets(name string, data []byte, look Lookup) (*Result, error) {
	var f detectSecretsFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r := &Result{From: name}
	var others []string
	for _, filter := range f.Filters {
		if !r.filter(filter.Path, filter.Pattern) {
			others = append(others, filter.Path[strings.LastIndexByte(filter.Path, '.')+1:])
		}
	}
	if len(others) > 0 {
		r.leave("filters of secrets, which the checks of keyguard's rules replace: %s", strings.Join(others, ", "))
	}
	for _, old := range []struct {
		expr   string
		target allow.Target
	}{{f.Exclude.Files, allow.OnPath}, {f.Exclude.Lines, allow.OnLine}} {
		if old.expr != "" {
			r.excluded([]string{old.expr}, old.target)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(f.Results)) {
		found, err := look("", path)
		if err != nil {
			r.leave("%s: %v", path, err)
			continue
		}
		bySum := make(map[string]int)
		for i := range found {
			bySum[sha1Of(found[i].Secret)] = i
			for _, p := range found[i].Related {
				bySum[sha1Of(p.Secret)] = i
			}
		}
		for _, e := range f.Results[path] {
			i, ok := bySum[e.Hash]
			if !ok {
				r.leave("%s:%d: %s: keyguard has no finding with that hash there", path, e.Line, e.Type)
				continue
			}
			label := allow.Unaudited
			if e.IsSecret != nil && *e.IsSecret {
				label = allow.Leak
			} else if e.IsSecret != nil {
				label = allow.FalsePositive
			}
			r.Known = append(r.Known, Known{found[i], label})
		}
	}
	return r, nil
}

// sha1Of returns the hash of a secret in the file's format.
func sha1Of(s scanner.Secret) string {
	sum := sha1.Sum(s)
	return hex.EncodeToString(sum[:])
}

// filter imports a filter, and reports whether it could. Filters for marks in files and
// for the baseline itself need no counterpart.
func (r *Result) filter(path string, pattern json.RawMessage) bool {
	var list []string
	if json.Unmarshal(pattern, &list) != nil {
		var one string
		if json.Unmarshal(pattern, &one) == nil && one != "" {
			list = []string{one}
		}
	}
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "is_line_allowlisted", "is_ignored_due_to_verification_policies", "is_baseline_file":
		return true
	case "should_exclude_file":
		r.excluded(list, allow.OnPath)
	case "should_exclude_line":
		r.excluded(list, allow.OnLine)
	case "should_exclude_secret":
		r.excluded(list, "")
	default:
		return false
	}
	return len(list) > 0
}

func (r *Result) excluded(list []string, target allow.Target) {
	if exprs := r.regexes("a filter", list); len(exprs) > 0 {
		r.allow(config.Allow{Regexes: exprs, Target: target})
	}
}
