package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Push options of the pre-receive hook, as in git push -o keyguard.allow=….
const (
	allowOption  = "keyguard.allow"  // a fingerprint, or several with commas
	reasonOption = "keyguard.reason" // for the log
)

// maxPushOptions bounds what is read of them.
const maxPushOptions = 1000

// pushOptions is what a pusher said, if the server lets pushers say something.
type pushOptions struct {
	enabled bool
	reason  string
	user    string
}

// pushOptions reads the push options (githooks(5)) into the policy.
func (a *app) pushOptions(p *policy) (pushOptions, error) {
	enabled := p.config.Server.Bypass
	o := pushOptions{enabled: enabled != nil && *enabled, user: a.pusher()}
	n, _ := strconv.Atoi(a.env("GIT_PUSH_OPTION_COUNT"))
	for i := range min(n, maxPushOptions) {
		key, value, _ := strings.Cut(a.env(fmt.Sprintf("GIT_PUSH_OPTION_%d", i)), "=")
		switch {
		case key == reasonOption:
			o.reason = value
		case key != allowOption:
		case !o.enabled:
			return o, &hinted{errors.New("this server takes no " + allowOption), "push without it; those who run the server can set server.bypass in " + serverName}
		default:
			if err := p.let(value); err != nil {
				return o, err
			}
		}
	}
	return o, nil
}

// let notes the fingerprints of an option.
func (p *policy) let(list string) error {
	if p.bypass == nil {
		p.bypass = make(map[string]bool)
	}
	for print := range strings.SplitSeq(list, ",") {
		if !allow.IsFingerprint(print) {
			return &hinted{errors.New(allowOption + " takes a fingerprint"), "it is 32 hexadecimal digits, as the refusal tells them"}
		}
		p.bypass[print] = true
	}
	return nil
}

// letThrough drops a finding that a push option allows.
func (p *policy) letThrough(f *scanner.Finding) bool {
	if len(p.bypass) == 0 || !p.bypass[f.Fingerprint()] {
		return false
	}
	f.Drop = patterns.Drop{By: patterns.ByServer, Text: "let through by " + allowOption}
	p.passed = append(p.passed, *f)
	return true
}

// pusher names who pushes, as servers tell their hooks.
func (a *app) pusher() string {
	for _, name := range []string{"GITHUB_USER_LOGIN", "GL_USERNAME", "GITEA_PUSHER_NAME", "BB_USER_NAME", "GL_USER", "REMOTE_USER", "LOGNAME", "USER"} {
		if v := a.env(name); v != "" {
			return v
		}
	}
	return ""
}

// passage is a line of the log.
type passage struct {
	Time        time.Time `json:"time"`
	User        string    `json:"user,omitempty"`
	Reason      string    `json:"reason,omitempty"`
	Repository  string    `json:"repository"`
	Refs        []string  `json:"refs"`
	Fingerprint string    `json:"fingerprint"`
	Rule        string    `json:"rule"`
	Path        string    `json:"path,omitempty"`
	Line        int       `json:"line"`
	Commit      string    `json:"commit,omitempty"`
}

// log writes down what was let through. If that fails, nothing is.
func (o pushOptions) log(p *policy, updates []gitrepo.Update) error {
	if len(p.passed) == 0 {
		return nil
	}
	var refs []string
	for _, u := range updates {
		refs = append(refs, u.Ref)
	}
	var lines bytes.Buffer
	out := json.NewEncoder(&lines)
	for i := range p.passed {
		f := &p.passed[i]
		line := passage{time.Now().UTC(), o.user, o.reason, p.top.dir, refs, f.Fingerprint(), f.RuleID, f.Origin.Path, f.Span.Line, ""}
		if f.Origin.History != nil {
			line.Commit = f.Origin.History.Commit
		}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	name := p.top.path("keyguard/bypass.log")
	if set := p.config.Server.Log; set != nil {
		name = p.top.path(*set)
	}
	if err := appendTo(name, lines.Bytes()); err != nil {
		return &hinted{fmt.Errorf("log the bypass: %w", err), "those who run this server must make server.log writable"}
	}
	return nil
}

func appendTo(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}
