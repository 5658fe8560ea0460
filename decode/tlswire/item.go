package tlswire

// ItemKind says what an Item is.
type ItemKind uint8

const (
	// ItemHandshake is one handshake message, its header included; with a fault
	// where the rest of it is missing.
	ItemHandshake ItemKind = iota
	// ItemChangeCipherSpec is the one byte of that protocol.
	ItemChangeCipherSpec
	// ItemAlert is the two bytes of an alert.
	ItemAlert
	// ItemData is application data, decrypted.
	ItemData
	// ItemOpaque is a whole record that could not be read, header included; or
	// what is left of one.
	ItemOpaque
	// ItemBroken is bytes that are no TLS record. Behind them a direction is
	// not read any more.
	ItemBroken
)

// Item is one thing that a direction said.
type Item struct {
	Side int // 0 is the side that opened the connection
	Kind ItemKind
	// Bytes of ItemData are valid until the next call; others may be kept.
	Bytes []byte
	// From and To are the extent of the records that carried it, in bytes of
	// its direction from where the decoder began, what was lost included.
	From, To int64
	// Encrypted is set for what came in protected records, Early for what came
	// as early data (RFC 8446 §2.3).
	Encrypted, Early bool
	Why              Why // of ItemOpaque
	Faults           []Fault
}

// Why says why a record could not be read.
type Why uint8

const (
	Readable Why = iota
	// NoKeys: the key log does not have this connection.
	NoKeys
	// WrongKeys: it has, but MAC or tag do not fit.
	WrongKeys
	// NoHello: what the server chose is missing from the capture.
	NoHello
	// Lost: bytes of it, or before it, are missing from the capture.
	Lost
	// NoSuite: the cipher suite is none that can be read.
	NoSuite
	// Altered: MAC or tag do not fit, though those of other records do.
	Altered
	// MidStream: the ClientHello, which names the keys, was not captured.
	MidStream
	// PartKeys: the key log has other secrets of this connection, but not that
	// of these records.
	PartKeys
	// Incomplete: the input ends within it.
	Incomplete
	// EarlyRefused: early data that the server passed over (RFC 8446 §4.2.10).
	EarlyRefused
)

var whys = [...]string{
	Readable:   "",
	NoKeys:     "no keys for this connection, so only sizes and times can be seen",
	WrongKeys:  "the keys given do not fit",
	NoHello:    "the ServerHello was not captured, and what it chose is needed to use the keys",
	Lost:       "bytes are missing, and the record cannot be read without them",
	NoSuite:    "the cipher suite is none that can be read here",
	MidStream:  "the ClientHello was not captured, by whose random number a key log names its secrets, and none was found by trying",
	Altered:    "the keys fit other records but not this one: its bytes were changed, on their way or in the capture",
	PartKeys:   "the key log has secrets of this connection, but not the one for this part of it",
	Incomplete: "the input ends within this record",

	EarlyRefused: "early data for which there is no key, or which the server refused and the client had to send again",
}

// String says it in plain words.
func (w Why) String() string {
	if int(w) < len(whys) {
		return whys[w]
	}
	return ""
}

// Info is what the handshake has told so far.
type Info struct {
	Version, Cipher uint16 // zero until the server has chosen
	SNI, ALPN       string // ALPN: the one agreed on
	OfferedALPN     []string
	ClientRandom    [32]byte
	ServerRandom    [32]byte
	Hello           [2]bool // ClientHello, ServerHello were seen
	Guessed         bool    // the secrets were found by trying, for want of a hello
	Client          int     // the side of the client, where Guessed
	Hopeless        bool    // no hello came, and nothing is left to try
	Retry           bool    // there was a HelloRetryRequest
	Resumed         bool
	EMS             bool // extended master secret (RFC 7627)
	EncryptThenMAC  bool // RFC 7366
	EarlyData       bool // offered
	EarlyAccepted   bool
	// Keys says where the secrets came from; empty while none was found.
	Keys      string
	Decrypted [2]bool // a protected record of the direction was read
	Finished  [2]bool
	Closed    [2]bool // close_notify was sent
	// ServerCerts and ClientCerts are the chains as DER, leaf first.
	ServerCerts, ClientCerts [][]byte
}
