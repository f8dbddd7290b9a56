// Package allow decides which findings a team has said are fine. Each decision
// carries its reason, so that nothing is dropped without a trace.
package allow
