package scanner

// Watched is an occurrence of one of Options.Watch in the text of a blob.
type Watched struct {
	Word    string
	Line    int // counted from 1
	Excerpt Excerpt
}

// maxWatched is the maximum number of occurrences per blob.
const maxWatched = 1000
