package inspector

import (
	"bytes"
	"encoding/binary"
	"errors"
	"reflect"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
)

// A login is written to the log message by message: an event's record holds
// what its own message adds and names the row of the one before. So a long
// exchange costs no more than its messages, although every event shows all of
// it up to its own (decode.Event.SASL).

// login is what the writer remembers of the exchange that is going on in a
// conversation.
type login struct {
	x    *sasl.Exchange
	rows []int // the row of each message
}

// encodeLogin makes the login part of a row's record, empty where the event
// carries none.
func (s *Store) encodeLogin(c *conversation, dst []byte, row int, x *sasl.Exchange) []byte {
	if x == nil {
		return dst[:0]
	}
	dst = append(dst[:0], 0) // so that it is never empty
	last := len(x.Messages) - 1
	if before := c.login.rows; c.login.x != nil && continues(c.login.x, x) {
		// A message past the limit takes the place of the last.
		before = before[:last]
		dst = binary.AppendUvarint(dst, uint64(before[last-1])+1)
		dst = appendMessage(dst, &x.Messages[last])
		c.login = login{x, append(before, row)}
		return dst
	}
	dst = binary.AppendUvarint(dst, 0)
	head := *x
	head.Messages = nil
	if c.loginParts == nil {
		c.loginParts = make(sharing)
	}
	dst = s.appendFields(dst, reflect.ValueOf(head), c.loginParts)
	dst = binary.AppendUvarint(dst, uint64(len(x.Messages)))
	for i := range x.Messages {
		dst = appendMessage(dst, &x.Messages[i])
	}
	c.login = login{x, slices.Repeat([]int{row}, len(x.Messages))}
	if len(x.Messages) == 0 {
		c.login = login{}
	}
	return dst
}

// continues tells whether y is x with one more message, or with another last
// one where the limit is reached.
func continues(x, y *sasl.Exchange) bool {
	n := len(y.Messages) - 1
	if n < 1 || len(x.Messages) != n && (len(x.Messages) != n+1 || n+1 < sasl.MaxMessages) {
		return false
	}
	a, b := *x, *y
	a.Messages, b.Messages = nil, nil
	if !reflect.DeepEqual(a, b) {
		return false
	}
	for i := range n {
		if !sameMessage(&x.Messages[i], &y.Messages[i]) {
			return false
		}
	}
	return true
}

func sameMessage(a, b *sasl.Message) bool {
	return a.Kind == b.Kind && bytes.Equal(a.Base64, b.Base64) && bytes.Equal(a.Data, b.Data) &&
		a.Condition == b.Condition && a.Text == b.Text && a.Present == b.Present
}

func appendMessage(dst []byte, m *sasl.Message) []byte {
	dst = appendPacked(dst, reflect.ValueOf(*m))
	return appendPacked(dst, reflect.ValueOf(m.Parts()))
}

func (u *unpacker) message() sasl.Message {
	var m sasl.Message
	u.unpack(reflect.ValueOf(&m).Elem())
	var parts []sasl.Part
	u.unpack(reflect.ValueOf(&parts).Elem())
	if len(parts) > 0 {
		return *new(sasl.Exchange).AddParts(m.Kind, parts...)
	}
	return m
}

var errRecord = errors.New("inspector: a record does not read back")

// exchange rebuilds the exchange whose last message has the given login part.
func (s *Store) exchange(part []byte) (*sasl.Exchange, error) {
	var tail []sasl.Message // last one first
	for range sasl.MaxMessages + 1 {
		u := unpacker{b: part}
		u.byte()
		before := u.uvarint()
		if before == 0 {
			return s.wholeExchange(&u, tail)
		}
		tail = append(tail, u.message())
		var e decode.Event
		var err error
		if part, err = s.record(int(before-1), &e); err != nil {
			return nil, err
		}
		if u.bad || len(part) == 0 {
			break
		}
	}
	return nil, errRecord
}

// wholeExchange reads the beginning of an exchange and adds what followed.
func (s *Store) wholeExchange(u *unpacker, tail []sasl.Message) (*sasl.Exchange, error) {
	x := new(sasl.Exchange)
	s.fields(u, reflect.ValueOf(x).Elem())
	for range u.size() {
		x.Messages = append(x.Messages, u.message())
	}
	for _, m := range slices.Backward(tail) {
		x.Messages = append(x.Messages, m)
	}
	if u.bad || len(x.Messages) > sasl.MaxMessages {
		return nil, errRecord
	}
	return x, nil
}
