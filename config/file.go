package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/patterns"
)

// Name is the name of the configuration file, at the top of a repository.
const Name = ".keyguard.toml"

// File is a decoded configuration file. The JSON Schema and the documentation are
// generated from these types and their doc tags.
type File struct {
	Extends Files            `toml:"extends" doc:"Files to read before this one, relative to it and in the same repository; a file outside of a repository may extend any file. This file takes precedence; lists add up."`
	Scan    Scan             `toml:"scan" doc:"Limits of a scan."`
	Rules   Rules            `toml:"rules" doc:"Changes to the set of rules. Built-in rules apply unless they are named here."`
	Inline  Inline           `toml:"inline" doc:"Which comments such as keyguard:allow apply."`
	Allow   []Allow          `toml:"allow" doc:"Allowed findings. A finding must meet all conditions of an entry."`
	Rule    []*patterns.Rule `toml:"rule" doc:"Your own rules, in the format of keyguard rules show."`
	Pair    []*patterns.Pair `toml:"pair" doc:"Your own pairs, which join findings of rules."`
	Server  Server           `toml:"server" doc:"Settings of the pre-receive hook on a server. Only the server's own files can set them."`

	name    string
	text    string
	places  index        // see index
	breaks  []int        // offsets of line breaks; see line
	secrets map[int]bool // see secretLines
}

// Scan limits a scan.
type Scan struct {
	Exclude     []string           `toml:"exclude" doc:"Paths to exclude, in gitignore syntax, relative to the top of the repository. In history, a blob is excluded if all its paths are."`
	MaxFileSize *Size              `toml:"max_file_size" doc:"Skip larger files of the working tree, and report them as skipped: 10MB."`
	FailOn      *patterns.Severity `toml:"fail_on" doc:"The lowest severity of a finding that fails a scan or blocks an operation. Findings below it are reported and counted. Default: medium in the hooks of a commit, low elsewhere."`
	MinSeverity *patterns.Severity `toml:"min_severity" doc:"Findings below this severity are not reported, only counted as dropped. Default: low."`
	Jobs        *int               `toml:"jobs" doc:"Number of workers (default 0: one per processor)."`
	Timeout     *Duration          `toml:"timeout" doc:"Stop with exit code 2 this long after the start of the program: 90s, 5m."`
}

// Rules changes the set of rules.
type Rules struct {
	Profile  *string                      `toml:"profile" doc:"The selection of built-in rules: default or aws-only."`
	Only     []string                     `toml:"only" doc:"IDs of the only rules to enable. As in enable and disable, * in an ID matches any characters."`
	Enable   []string                     `toml:"enable" doc:"IDs of rules to enable, even if the profile lacks them or an extended file disables them."`
	Disable  []string                     `toml:"disable" doc:"IDs of rules to disable."`
	Severity map[string]patterns.Severity `toml:"severity" doc:"Severities by rule ID: low, medium, high or critical."`
}

// Inline configures marks in files.
type Inline struct {
	Marks         *bool    `toml:"marks" doc:"Apply marks in comments. Default: true."`
	Foreign       *bool    `toml:"foreign" doc:"Apply the marks of other scanners too, such as gitleaks:allow. Default: true."`
	RequireReason *bool    `toml:"require_reason" doc:"Require reason=… in each mark. Default: false."`
	Except        []string `toml:"except" doc:"Paths in gitignore syntax where marks are only text, such as tests or documents about marks. Marks there do not apply and are not reported as unused."`
}

// Server configures the pre-receive hook.
type Server struct {
	Bypass    *bool   `toml:"bypass" doc:"Let git push -o keyguard.allow=FINGERPRINT bypass a finding, which is logged. Default: false."`
	Log       *string `toml:"log" doc:"File that each bypass is appended to as a line of JSON. Default: keyguard/bypass.log in the repository's git directory."`
	TrustHead *bool   `toml:"trust_head" doc:"Use the configuration, ignore file and baseline of the repository, from HEAD before the push. Default: false."`
	FailOpen  *bool   `toml:"fail_open" doc:"Accept a push that could not be scanned in time. Default: false."`
}

// Allow is an entry of the allowlist.
type Allow struct {
	Reason       string       `toml:"reason" doc:"Why these findings are allowed."`
	Expires      *Date        `toml:"expires" doc:"Last day on which the entry applies: 2027-01-31."`
	Paths        []string     `toml:"paths" doc:"Paths in gitignore syntax, relative to the top of the repository."`
	Rules        []string     `toml:"rules" doc:"Rule IDs."`
	Regexes      []string     `toml:"regexes" doc:"Regular expressions (RE2) that match the target."`
	Target       allow.Target `toml:"target" doc:"Text that the regexes match: secret (default), match (any part of the credential), line or path."`
	Stopwords    []string     `toml:"stopwords" doc:"Words in the secret, in any case."`
	Commits      []string     `toml:"commits" doc:"IDs of commits that introduced the finding, at least 7 digits."`
	Accounts     []string     `toml:"accounts" doc:"AWS account IDs of 12 digits, such as a test account."`
	Fingerprints []string     `toml:"fingerprints" doc:"Fingerprints, as in reports."`
}

// Files is one file name or a list of them.
type Files []string

// UnmarshalTOML implements toml.Unmarshaler.
func (f *Files) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case string:
		*f = Files{v}
		return nil
	case []any:
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return errors.New("want file names as strings")
			}
			*f = append(*f, s)
		}
		return nil
	}
	return errors.New("want a file name or a list of file names")
}

// Date is a day in UTC.
type Date struct{ time.Time }

// UnmarshalTOML implements toml.Unmarshaler. It accepts a TOML date and a string in the
// same form.
func (d *Date) UnmarshalTOML(v any) error {
	var err error
	switch v := v.(type) {
	case time.Time:
		d.Time = time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, time.UTC)
	case string:
		*d, err = ParseDate(v)
	default:
		err = errDate
	}
	return err
}

var errDate = errors.New("want a date, such as 2027-01-31")

// ParseDate reads a date in the form 2027-01-31.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, errDate
	}
	return Date{t}, nil
}

// String returns the date in the form 2027-01-31.
func (d Date) String() string { return d.Format(time.DateOnly) }

// Size is a number of bytes.
type Size int64

// UnmarshalTOML implements toml.Unmarshaler.
func (s *Size) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case int64:
		*s = Size(v)
	case string:
		return s.Set(v)
	default:
		return errSize
	}
	if *s < 0 {
		return errSize
	}
	return nil
}

var errSize = errors.New("want a size, such as 500kB, 10MB or 1GB")

// Set parses a size; it implements flag.Value. Units are decimal, or binary with an i:
// 10MiB.
func (s *Size) Set(text string) error {
	units := []struct {
		suffix string
		factor float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1}}
	for _, u := range units {
		number, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(n >= 0 && n*u.factor < 1<<62) {
			return errSize
		}
		*s = Size(n * u.factor)
		return nil
	}
	return errSize
}

// String returns the size in bytes.
func (s *Size) String() string { return fmt.Sprintf("%dB", int64(*s)) }

// Type returns the name of the value in the help of a flag.
func (s *Size) Type() string { return "size" }

// Duration is a duration in Go's syntax.
type Duration struct{ time.Duration }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 {
		return errors.New("want a duration, such as 90s or 5m")
	}
	d.Duration = v
	return nil
}

// Limits, so that a hostile configuration fails and does not hang.
const (
	MaxFile  = 4 << 20  // bytes of a configuration file: about 20,000 entries
	MaxRegex = 64 << 10 // bytes of a regular expression
	maxFault = 20       // reported faults of a file
)

// index maps paths such as allow[2].regexes[0] to the positions of tables, keys and array
// elements in a file. The TOML library reports the position of values that it rejects,
// but not of values that it decodes.
type index map[string]span

// span is a range of a file, in bytes.
type span struct{ start, end int }
