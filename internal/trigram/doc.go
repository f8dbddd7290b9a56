// Package trigram records how frequent each sequence of three bytes is in text. The
// prefilter decides by such sequences, so their rates are enough to compute its cost.
package trigram
