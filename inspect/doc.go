// Package inspect tells what an AWS credential says of itself, and what its
// owner should do next. It stands beside report: scans say where something was
// found, this says what it is.
//
// Everything is read from the characters of an id or a key; nothing is sent, and
// nothing that it returns is secret. Its functions are safe for concurrent use
// and cost microseconds.
package inspect
