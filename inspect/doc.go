// Package inspect describes an AWS credential and the next steps for its owner. Package
// report describes the location of a finding; this package describes the credential.
//
// It reads only the characters of an ID or a key, sends nothing, and returns no secrets.
// Its functions are safe for concurrent use.
package inspect
