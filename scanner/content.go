package scanner

import (
	"bufio"
	"bytes"
	"context"
	"io"

	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

// scanBytes scans text without copying it.
func (s *Scanner) scanBytes(ctx context.Context, text []byte, ws *workspace) Result {
	w := &window{s: s, w: ws, buf: text, budget: newBudget(ctx), zipEnd: -1}
	w.processAll()
	w.budget.finish(&w.result)
	if wide := s.newWide(ctx, text, ws); wide != nil {
		wide.write(text)
		w.result.addWide(wide.finish())
	}
	w.result.Skipped = append(w.result.Skipped, unpack.Skipped(text)...)
	w.result = w.result.withNew(s.unpack(ctx, text, unpack.EndsInZip(w.zipEnd, int64(len(text))), ws))
	w.result.Bytes = int64(len(text))
	return w.result
}

// scanReader scans the content of r as a text, and its members if it is an archive. A zip
// at the end of a long text is unpacked only if r implements io.ReaderAt.
func (s *Scanner) scanReader(ctx context.Context, r io.Reader, ws *workspace) Result {
	in := bufio.NewReader(&stoppable{ctx, r})
	if head, _ := in.Peek(unpack.HeadSize); unpack.FormatOf(head) == unpack.None {
		result := s.scanText(ctx, in, ws)
		if result.zipEnds {
			result = result.withNew(s.unpackEnd(ctx, r, &result, ws))
		}
		return result
	}
	var data bytes.Buffer
	result := s.scanText(ctx, io.TeeReader(in, &limitedBuffer{&data}), ws)
	if data.Len() > unpack.MaxSize {
		result.Unpacked = unpack.ErrTooMuch
		return result
	}
	result = result.withNew(s.unpack(ctx, data.Bytes(), result.zipEnds, ws))
	return result
}

// limitedBuffer keeps one byte more than the largest archive to unpack.
type limitedBuffer struct{ b *bytes.Buffer }

func (l *limitedBuffer) Write(p []byte) (int, error) {
	if room := unpack.MaxSize + 1 - l.b.Len(); room > 0 {
		l.b.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
