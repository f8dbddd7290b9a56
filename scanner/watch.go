package scanner

// Watched is a place in a blob's text where one of Options.Watch stands.
type Watched struct {
	Word    string
	Line    int // counted from 1
	Excerpt Excerpt
}

// maxWatched bounds the places that are told of one blob.
const maxWatched = 1000
