package literal

// IndexFold is bytes.Index, except that it ignores the case of ASCII letters. word must be
// in lower case. Unlike with bytes.ToLower, offsets are right in text that is not UTF-8.
func IndexFold(text []byte, word string) int {
	for i := 0; i+len(word) <= len(text); i++ {
		k := 0
		for k < len(word) && (text[i+k]|0x20 == word[k]) {
			k++
		}
		if k == len(word) {
			return i
		}
	}
	return -1
}
