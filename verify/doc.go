// Package verify asks AWS whether a key pair is active: one call of
// GetCallerIdentity (AWS STS), which needs no permission and changes nothing.
// It is the only package of keyguard that uses the network, and nothing but the
// verb of its name calls it.
//
// Sent are the key id, the session token if there is one, and a signature
// (Signature Version 4); the secret itself never leaves the process. The
// owner's CloudTrail records the call, with the caller's address and the user
// agent "keyguard".
//
// Nothing of AWS's configuration of this machine takes part: no profile, no
// AWS_ variable, no instance metadata. HTTPS_PROXY and NO_PROXY count as they do
// for any Go program; redirects are not followed, and nothing is tried twice.
//
// A Verifier is for one goroutine. A call takes a round trip, and calls keep the
// interval that Options has.
package verify
