package source

// lineNumbers maps lines of an extract to lines of its file.
type lineNumbers []lineSegment

// lineSegment maps line at of the text, and the lines after it, to lines of the file from
// first.
type lineSegment struct{ at, first int }

// number returns the line of the file for a line of the text.
func (n lineNumbers) number(line int) int {
	for i := len(n) - 1; i >= 0; i-- {
		if seg := n[i]; line >= seg.at {
			return seg.first + line - seg.at
		}
	}
	return line
}
