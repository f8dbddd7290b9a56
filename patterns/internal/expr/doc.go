// Package expr runs regular expressions, and rejects most texts before one runs.
//
// A Bounded is the expression of a rule: its matches have a greatest length, and are
// searched at one offset. Parse derives from its syntax tree the limits that every match
// keeps: a length, a number of line feeds, a run of bytes of one class, words. A text
// that breaks one of them needs no expression, which is the common case: most keywords
// start no match. A Finder is an expression without a greatest length, such as the
// context of a rule. It requires words of a text, if there are any.
//
// A limit may admit too much, never too little. Fuzz targets compare the results with the
// plain expressions.
//
// Both types are safe for concurrent use. They compile their expressions at the first use.
package expr
