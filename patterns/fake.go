package patterns

// KeyIDDrop says why scans drop an access key id of 20 characters: it is an
// example, a placeholder or an emulator's. It is empty if they report it.
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
