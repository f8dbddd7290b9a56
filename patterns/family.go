package patterns

// Family is a provider or a group of rules: a [[family]] table of a built-in rule file. Its
// texts replace the general ones.
type Family struct {
	ID    string `toml:"id"` // default: the name of the rule file
	Title string `toml:"title"`
	// Help is the steps after a leak, in Markdown, by the kind of the finding.
	Help map[string][]string `toml:"help"`
	// Advice is a sentence on how to do without a credential, by the kind of file: see
	// report.Advice for the kinds.
	Advice map[string]string `toml:"advice"`
}

// FamilyOf returns the built-in family of an ID. It is empty for other IDs.
func FamilyOf(id string) *Family {
	for _, f := range builtinFamilies() {
		if f.ID == id {
			return f
		}
	}
	return &Family{}
}
