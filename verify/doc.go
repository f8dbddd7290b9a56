// Package verify checks with AWS whether a key pair is active, by one call of
// GetCallerIdentity (AWS STS), which needs no permission and changes nothing. It is the
// only package of keyguard that uses the network, and only the command of the same name
// calls it.
//
// A request contains the key ID, the session token if there is one, and a signature
// (Signature Version 4). The secret never leaves the process. The owner's CloudTrail
// records the call, with the caller's address and the user agent "keyguard".
//
// The AWS configuration of this machine is not used: no profile, no AWS_ variable, no
// instance metadata. HTTPS_PROXY and NO_PROXY apply as in any Go program. Redirects are
// not followed, and calls are not repeated.
//
// A Verifier is not safe for concurrent use. A call takes one round trip, and calls are
// at least Options.Interval apart.
package verify
