// Package decode undoes the encodings under which people and programs store
// text: base64, hexadecimal, UTF-16, and the escapes of URLs, string literals,
// markup and mail. It works on pieces of a text that something else found
// suspicious, never on all of it.
//
// What comes out is a View, whose every byte knows where in the text it came
// from. Views are small: no decoder reads or yields more than some kilobytes.
package decode
