package captures

import (
	"fmt"

	"xmppscope/decode"
)

// Packet is one captured frame, as the file has it.
type Packet struct {
	Data    []byte // captured bytes, valid until the source's next call of Next
	Time    int64  // nanoseconds since 1970-01-01T00:00:00Z
	Frame   uint32 // its number in its file, from 1
	OrigLen uint32 // its length on the wire; more than len(Data) when the capture cut it
	Link    uint16 // LINKTYPE value, as registered at tcpdump.org
	File    uint16 // index of the input it came from, from 0
	Way     Way    // where the interface saw it going, when the file says
	// Marks are what a proxy did, told before the bytes of this packet; Beside is
	// set where the packet is of its other leg, whose bytes make no events.
	Marks  []decode.Mark
	Beside bool
	// Remarks are what a person wrote at events that this packet completes.
	Remarks []Remark
}

// Way is the direction flag of a packet block (pcapng epb_flags, bits 0 and 1).
type Way uint8

// Ways of a packet at the capturing interface.
const (
	WayUnknown Way = iota
	WayIn
	WayOut
)

// Source yields packets in file order.
type Source interface {
	// Next fills p. It returns io.EOF after the last packet; any other error is
	// the failure of the underlying reader. Damage inside a file is a [Notice].
	Next(p *Packet) error
}

// NoticeKind says what befell an input.
type NoticeKind uint8

// Kinds of notices.
const (
	Truncated NoticeKind = iota + 1 // the file ends inside a record
	Damaged                         // bytes were skipped to find the next record
	Unknown                         // a record refers to something the file does not declare
)

// Notice tells that an input is not whole. Packets before it were delivered,
// and those after it too where the format lets a reader find them.
type Notice struct {
	Kind   NoticeKind
	File   int   // index of the input
	Offset int64 // byte of the (uncompressed) file where it was noticed
	Lost   int64 // bytes passed over; 0 when nothing follows
	Frame  uint32
	What   string // one clause, lower case
}

func (n Notice) String() string {
	switch n.Kind {
	case Truncated:
		return fmt.Sprintf("ends in the middle of a record at byte %d, after frame %d: %s", n.Offset, n.Frame, n.What)
	case Damaged:
		return fmt.Sprintf("damaged at byte %d, after frame %d: %s; %d bytes skipped", n.Offset, n.Frame, n.What, n.Lost)
	}
	return fmt.Sprintf("at byte %d, after frame %d: %s", n.Offset, n.Frame, n.What)
}

// Secret is the content of a decryption secrets block (pcapng), for instance a
// TLS key log.
type Secret struct {
	Type uint32 // 0x544c534b is a TLS key log
	Data []byte
	// Proxy is set where the proxy that recorded it had made the connection.
	Proxy bool
}

// SecretTLS is the type of a [Secret] that holds a TLS key log.
const SecretTLS = 0x544c534b

const maxNotices = 100 // per input: a hostile file must not fill the memory with complaints
