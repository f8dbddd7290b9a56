package githooks

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

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
)

// maxPushOptions is the number of push options that are read.
const maxPushOptions = 1000

// pushOptions are the push options, and the user who pushes.
type pushOptions struct {
	enabled bool
	reason  string
	user    string
}

// readPushOptions reads the push options (githooks(5)) and adds bypasses to the policy.
func readPushOptions(a *cli.App, p *project.Policy) (pushOptions, error) {
	enabled := p.Config.Server.Bypass
	o := pushOptions{enabled: enabled != nil && *enabled, user: pusher(a)}
	n, _ := strconv.Atoi(a.Env("GIT_PUSH_OPTION_COUNT"))
	for i := range min(n, maxPushOptions) {
		key, value, _ := strings.Cut(a.Env(fmt.Sprintf("GIT_PUSH_OPTION_%d", i)), "=")
		switch {
		case key == project.ReasonOption:
			o.reason = value
		case key != project.AllowOption:
		case !o.enabled:
			return o, cli.WithHint(errors.New("this server takes no "+project.AllowOption), "push without it; those who run the server can set server.bypass in "+project.ServerName)
		default:
			if err := p.AddBypass(value); err != nil {
				return o, err
			}
		}
	}
	return o, nil
}

// pusher returns the name of the user who pushes, from the variables of the server.
func pusher(a *cli.App) string {
	for _, name := range []string{"GITHUB_USER_LOGIN", "GL_USERNAME", "GITEA_PUSHER_NAME", "BB_USER_NAME", "GL_USER", "REMOTE_USER", "LOGNAME", "USER"} {
		if v := a.Env(name); v != "" {
			return v
		}
	}
	return ""
}

// bypassEntry is a line of the log.
type bypassEntry struct {
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

// log records the bypassed findings. If it fails, the push is rejected.
func (o pushOptions) log(p *project.Policy, updates []gitrepo.Update) error {
	if len(p.Bypassed) == 0 {
		return nil
	}
	var refs []string
	for _, u := range updates {
		refs = append(refs, u.Ref)
	}
	var lines bytes.Buffer
	out := json.NewEncoder(&lines)
	for i := range p.Bypassed {
		f := &p.Bypassed[i]
		line := bypassEntry{time.Now().UTC(), o.user, o.reason, p.Root.Dir, refs, f.Fingerprint(), f.RuleID, f.Origin.Path, f.Span.Line, ""}
		if f.Origin.History != nil {
			line.Commit = f.Origin.History.Commit
		}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	name := p.Root.Path("keyguard/bypass.log")
	if set := p.Config.Server.Log; set != nil {
		name = p.Root.Path(*set)
	}
	if err := appendTo(name, lines.Bytes()); err != nil {
		return cli.WithHint(fmt.Errorf("log the bypass: %w", err), "those who run this server must make server.log writable")
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
