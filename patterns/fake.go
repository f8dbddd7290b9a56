package patterns

// KeyIDDrop returns the reason why scans drop an access key ID: an example, a placeholder
// or an ID of an emulator. It returns "" for IDs that scans report, and for texts of
// another length than 20 characters.
func KeyIDDrop(id string) string {
	m := Match{Value: []byte(id), SecretEnd: len(id), Confidence: Sure}
	if len(id) != keyIDLen {
		return ""
	}
	if checkNotExample(m.Value, &m); m.Drop.IsZero() {
		checkKeyID(m.Value, &m)
	}
	return m.Drop.Text
}
