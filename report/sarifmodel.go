package report

import "github.com/keyguard/keyguard/patterns"

// The subset of SARIF 2.1.0 that keyguard writes, with the names of the standard:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/.

// sarifRoot is the base of relative paths.
const sarifRoot = "%SRCROOT%"

type (
	// sarifRun is a run without its results.
	sarifRun struct {
		Tool              sarifTool            `json:"tool"`
		Invocations       []sarifInvocation    `json:"invocations"`
		AutomationDetails sarifAutomation      `json:"automationDetails"`
		ColumnKind        string               `json:"columnKind"`
		BaseIDs           map[string]sarifBase `json:"originalUriBaseIds"`
		Provenance        []sarifProvenance    `json:"versionControlProvenance,omitempty"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name     string      `json:"name"`
		FullName string      `json:"fullName"`
		Version  string      `json:"version,omitempty"`
		URI      string      `json:"informationUri"`
		Rules    []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string       `json:"id"`
		Name       string       `json:"name"`
		Short      sarifMessage `json:"shortDescription"`
		Full       sarifMessage `json:"fullDescription"`
		Help       sarifMessage `json:"help"`
		HelpURI    string       `json:"helpUri"`
		Default    sarifDefault `json:"defaultConfiguration"`
		Properties struct {
			Tags      []string `json:"tags"`
			Precision string   `json:"precision"`
			Severity  string   `json:"security-severity"` // on the scale of CVSS scores
		} `json:"properties"`

		index      int
		severity   patterns.Severity
		confidence patterns.Confidence
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifMessage struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifAutomation struct {
		ID string `json:"id"`
	}
	sarifBase struct {
		Description sarifMessage `json:"description"`
	}
	sarifProvenance struct {
		URI      string        `json:"repositoryUri"`
		Revision string        `json:"revisionId,omitempty"`
		Branch   string        `json:"branch,omitempty"`
		MappedTo sarifArtifact `json:"mappedTo"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Start         string              `json:"startTimeUtc,omitempty"`
		End           string              `json:"endTimeUtc,omitempty"`
		Execution     []sarifNotification `json:"toolExecutionNotifications"`
		Configuration []sarifNotification `json:"toolConfigurationNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string       `json:"level"`
		Message sarifMessage `json:"message"`
	}
	sarifResult struct {
		RuleID       string                `json:"ruleId"`
		RuleIndex    int                   `json:"ruleIndex"`
		Level        string                `json:"level"`
		Message      sarifMessage          `json:"message"`
		Locations    []sarifLocation       `json:"locations"`
		Related      []sarifLocation       `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string     `json:"fingerprints"`
		Partial      map[string]string     `json:"partialFingerprints,omitempty"`
		Suppressions []sarifSuppression    `json:"suppressions,omitempty"`
		Properties   sarifResultProperties `json:"properties"`
	}
	sarifResultProperties struct {
		AccessKeyID string              `json:"accessKeyId,omitempty"`
		AccountID   string              `json:"accountId,omitempty"`
		Canary      bool                `json:"canary,omitempty"`
		Confidence  patterns.Confidence `json:"confidence"`
		Severity    patterns.Severity   `json:"severity"`
		DecodedFrom string              `json:"decodedFrom,omitempty"`
		Commit      string              `json:"commit,omitempty"`
		AtOrBefore  bool                `json:"atOrBefore,omitempty"` // an earlier commit may have introduced it
	}
	sarifLocation struct {
		ID       int           `json:"id,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifMessage `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
		Context  *sarifRegion  `json:"contextRegion,omitempty"`
	}
	sarifArtifact struct {
		URI    string `json:"uri,omitempty"`
		BaseID string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int           `json:"startLine"`
		StartColumn int           `json:"startColumn,omitempty"`
		EndLine     int           `json:"endLine"`
		EndColumn   int           `json:"endColumn,omitempty"`
		Snippet     *sarifMessage `json:"snippet,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
)
