package linear

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// maxLine is the longest line in bytes that is taken; what is longer is cut.
const maxLine = 4 << 20

// readLines gives the lines of r one by one, without their ends, and closes the
// channel at the end of r. Its goroutine ends with r, or when done is closed and
// one more line came.
func readLines(r io.Reader, done <-chan struct{}) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		b := bufio.NewReaderSize(r, 64<<10)
		for {
			text, err := readLine(b)
			if err != nil && text == "" {
				return
			}
			select {
			case lines <- text:
			case <-done:
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return lines
}

func readLine(b *bufio.Reader) (string, error) {
	var text strings.Builder
	for {
		part, err := b.ReadSlice('\n')
		text.Write(part[:min(len(part), maxLine-text.Len())])
		if !errors.Is(err, bufio.ErrBufferFull) {
			return strings.TrimRight(text.String(), "\r\n"), err
		}
	}
}
