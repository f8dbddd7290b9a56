// Package corpus contains labelled cases of leaked credentials and of harmless text, and
// scores a scanner on them.
//
// A case is a realistic file, written as a template (see internal/synth) with fake
// credentials, and the findings that a scanner should report in it. The cases are data in
// cases/*.txt, one file per kind of location. To add one, no Go is needed:
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
// Each want is one credential: "pair ID SECRET [TOKEN]", "id ID", "secret S", "token T",
// or "key VALUE [ID]" for other credentials; the words after the first are names in the
// template. A final "@3-5" requires the secret to be on lines 3 to 5. Any other finding
// is a false positive, unless a "may" line names its value. "as" names filters for the
// whole text, such as crlf|bom. "family" names the family of the rules for the case; the
// default is aws, and the name of the file for the tier other. A file starts with headers that
// apply to all its cases: tier, family, from and as.
//
// The tiers are plain, encoded (the text must be decoded to find the credential) and
// other (credentials other than access keys). A hash of its name puts a case into one of
// two splits: three quarters for tuning, and a quarter held out, whose misses a report
// counts but does not show.
//
// names.txt contains names of secrets, one per line, each labelled as AWS's or not. A
// test scans all of them.
//
// The package is above scanner and patterns; only tests use it. Cases are immutable.
// Scoring all of them takes tens of milliseconds.
package corpus
