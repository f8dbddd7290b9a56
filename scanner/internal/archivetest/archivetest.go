// Package archivetest makes small archives for tests.
package archivetest

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"testing"
)

// Zip returns a zip with one compressed member.
func Zip(t testing.TB, name string, data []byte) []byte {
	return ZipOf(t, &zip.FileHeader{Name: name, Method: zip.Deflate}, data)
}

// ZipOf returns a zip with one member, which a header describes.
func ZipOf(t testing.TB, header *zip.FileHeader, data []byte) []byte {
	t.Helper()
	return closed(t, func(b *bytes.Buffer) (io.Closer, error) {
		w := zip.NewWriter(b)
		f, err := w.CreateHeader(header)
		if err == nil {
			_, err = f.Write(data)
		}
		return w, err
	})
}

// Gzip returns data as a gzip.
func Gzip(t testing.TB, data []byte) []byte {
	t.Helper()
	return closed(t, func(b *bytes.Buffer) (io.Closer, error) {
		w := gzip.NewWriter(b)
		_, err := w.Write(data)
		return w, err
	})
}

// Tar returns a tar in the USTAR format with one member.
func Tar(t testing.TB, name string, data []byte) []byte {
	t.Helper()
	return closed(t, func(b *bytes.Buffer) (io.Closer, error) {
		w := tar.NewWriter(b)
		err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o644, Format: tar.FormatUSTAR})
		if err == nil {
			_, err = w.Write(data)
		}
		return w, err
	})
}

// closed returns the bytes of an archive whose writer has written its content.
func closed(t testing.TB, write func(*bytes.Buffer) (io.Closer, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := write(&b)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
