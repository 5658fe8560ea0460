package proxy

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// maxConnect is how long the head of a request may be, in bytes.
const maxConnect = 16 << 10

// connect is HTTP CONNECT (RFC 9110 §9.3.6): its head, and an answer. Neither is
// recorded.
func (c *Conn) connect() error {
	var head []byte
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) && !bytes.HasSuffix(head, []byte("\n\n")) {
		var b [1]byte
		if err := c.readFull(b[:]); err != nil {
			return err
		}
		if head = append(head, b[0]); len(head) > maxConnect {
			c.answer("431 Request Header Fields Too Large")
			return errors.New("the head of the request does not end")
		}
	}
	line, _, _ := strings.Cut(string(head), "\n")
	word := strings.Fields(line)
	switch {
	case len(word) != 3 || !strings.HasPrefix(word[2], "HTTP/1."):
		c.answer("400 Bad Request")
		return fmt.Errorf("no request of HTTP: %s", legible([]byte(line)))
	case word[0] != "CONNECT":
		c.answer("405 Method Not Allowed\r\nAllow: CONNECT")
		return fmt.Errorf("a request for something else than CONNECT: %s", legible([]byte(line)))
	}
	if err := c.allow(word[1]); err != nil {
		c.answer("403 Forbidden")
		return fmt.Errorf("%s is not where this proxy leads: %w", legible([]byte(word[1])), err)
	}
	_, err := c.a.raw.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n"))
	return err
}

func (c *Conn) answer(status string) {
	fmt.Fprintf(c.a.raw, "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status)
}
