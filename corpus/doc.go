// Package corpus holds labelled cases of leaked and of harmless text, and
// scores a scanner on them.
//
// A case is a file as it is found in the world, written as a template (see
// internal/synth) with made-up credentials, and what a scanner should report
// in it. The cases are data, in cases/*.txt, a file for each kind of place;
// adding one takes no Go:
//
//	-- spring-properties --
//	file: src/main/resources/application.properties
//	from: Spring Cloud AWS 2.x reference, credentials
//	want: pair k s
//
//	cloud.aws.region.static=eu-west-1
//	cloud.aws.credentials.access-key={{akia#k}}
//	cloud.aws.credentials.secret-key={{secret#s}}
//
// Each want is one credential: "pair ID SECRET [TOKEN]", "id ID", "secret S",
// "token T", or "key VALUE [ID]" for credentials of another shape; the words
// after the first are names of the template. "@3-5" at its end demands that
// the secret be found on the lines 3 to 5. What is reported beyond the wants
// is a false alarm, unless a "may" line names it. "as" names filters for the
// whole text, such as crlf|bom. A file begins with headers that hold for all
// its cases: tier, from and as.
//
// The cases fall into tiers: plain; encoded, where the text must be decoded to
// see the credential; and other, credentials that are no access keys. By a hash
// of their name they are split in three quarters to tune on and a quarter,
// held-out, whose misses a report counts but does not show.
//
// names.txt holds names of secrets, a line each, with the side that each is on: AWS's
// or not. A test scans every one.
//
// The package comes after scanner and patterns; nothing but tests uses it.
// Cases are immutable. Scoring them all takes some tens of milliseconds.
package corpus
