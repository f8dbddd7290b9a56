package report

import (
	"encoding/xml"
	"fmt"
	"io"
)

// junitWriter writes JUnit XML for Jenkins, GitLab and others. A finding is a failed
// test, and an unread input a test with an error. The scan is a test too, so a clean scan
// has one.
type junitWriter struct {
	noHeader
	w     io.Writer
	o     Options
	suite junitSuite
}

func newJUnit(w io.Writer, o Options) *junitWriter { return &junitWriter{w: w, o: o} }

type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		Suite   junitSuite
	}
	junitSuite struct {
		XMLName  xml.Name `xml:"testsuite"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Skipped  int      `xml:"skipped,attr"`
		Time     string   `xml:"time,attr"` // seconds
		Cases    []junitCase
	}
	junitCase struct {
		XMLName xml.Name      `xml:"testcase"`
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitOutcome `xml:"failure"`
		Error   *junitOutcome `xml:"error"`
		Skipped *junitOutcome `xml:"skipped"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitOutcome struct {
		Type    string `xml:"type,attr,omitempty"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// Findings implements Writer. Tests are kept until the end, because the counts precede
// them.
func (j *junitWriter) Findings(list []Finding) error {
	for i := range list {
		f := &list[i]
		c := junitCase{Class: "keyguard." + Printable(f.RuleID), Name: f.Place(), File: Printable(f.Path), Line: max(f.Line, 0)}
		if f.Dropped != "" {
			j.suite.Skipped++
			c.Skipped = &junitOutcome{Message: f.reason()}
		} else {
			j.suite.Failures++
			lines := Printable(f.Excerpt)
			for _, p := range f.beside() {
				lines += "\n" + p.name + ": " + p.value
			}
			c.Failure = &junitOutcome{f.Severity.String(), f.headline(), fmt.Sprintf("%s\nfix: %s\nfingerprint: %s\n", lines, Printable(f.Fix), Printable(f.Fingerprint))}
		}
		j.suite.Cases = append(j.suite.Cases, c)
	}
	return nil
}

// End implements Writer.
func (j *junitWriter) End(s Summary) error {
	for _, e := range s.Errors {
		j.suite.Cases = append(j.suite.Cases, junitCase{Class: "keyguard", Name: "not read: " + Printable(e), Error: &junitOutcome{Message: Printable(e)}})
		j.suite.Errors++
	}
	all := junitCase{Class: "keyguard", Name: "scan", Output: s.String()}
	if !s.Complete() {
		all.Error = &junitOutcome{Message: "not all inputs were read"}
		j.suite.Errors++
	}
	j.suite.Cases = append(j.suite.Cases, all)
	j.suite.Name, j.suite.Tests, j.suite.Time = "keyguard", len(j.suite.Cases), fmt.Sprintf("%.3f", s.Duration.Seconds())
	text, err := xml.MarshalIndent(junitSuites{Suite: j.suite}, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(j.w, xml.Header+string(text)+"\n")
	return err
}
