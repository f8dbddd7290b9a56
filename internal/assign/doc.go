// Package assign parses assignments: the name around a word, and the value that a text gives
// it. It reads what the languages of configuration, code and shells have in common:
//
//	api_key = "value"               :=, :, =>, and names in quotes or brackets
//	"apiKey": "value",              JSON, YAML and blocks of YAML
//	<apiKey>value</apiKey>          XML, and attributes such as apiKey="value"
//	--api-key value                 options of commands
//	name: API_KEY … value: value    lists of names and values, in the next line or attribute
//	setApiKey("value")              calls, and arguments after a name: set("apiKey", "value")
//	getenv("API_KEY", "value")      defaults
//	PASSWORD 'value'                SQL
//
// A parse reads at most [Before] bytes before the word and [After] bytes after it, each of
// them a bounded number of times.
package assign
