package source

// numbering tells which lines of a file those of an extract of it are.
type lineNumbers []lineSegment

// segment says that the text's line at and those after it are the file's from
// number first.
type lineSegment struct{ at, first int }

// number turns a line of the text into one of the file.
func (n lineNumbers) number(line int) int {
	for i := len(n) - 1; i >= 0; i-- {
		if seg := n[i]; line >= seg.at {
			return seg.first + line - seg.at
		}
	}
	return line
}
