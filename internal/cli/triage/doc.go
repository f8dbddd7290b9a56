// Package triage records decisions on findings: allow entries in the configuration
// (allow.go) and the baseline of known findings (baseline.go).
package triage
