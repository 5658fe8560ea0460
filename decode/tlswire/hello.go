package tlswire

import (
	"errors"

	"golang.org/x/crypto/cryptobyte"
)

// Extensions (IANA, TLS ExtensionType values).
const (
	extServerName          = 0
	extStatusRequest       = 5
	extGroups              = 10
	extPointFormats        = 11
	extSignatureAlgorithms = 13
	extALPN                = 16
	extSCT                 = 18
	extPadding             = 21
	extEncryptThenMAC      = 22
	extEMS                 = 23
	extRecordSizeLimit     = 28
	extSessionTicket       = 35
	extPSK                 = 41
	extEarlyData           = 42
	extVersions            = 43
	extCookie              = 44
	extPSKModes            = 45
	extPostHandshakeAuth   = 49
	extSignatureCert       = 50
	extKeyShare            = 51
	extECH                 = 0xfe0d
	extRenegotiation       = 0xff01
)

var errMessage = errors.New("the message is incomplete or not what its type says")

// ClientHello is what a client offers (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2).
type ClientHello struct {
	Version             uint16 // as written; Versions counts where it is there
	Random              [32]byte
	SessionID           []byte
	CipherSuites        []uint16
	Compression         []byte
	Extensions          []uint16 // in order
	SNI                 string
	ALPN                []string
	Versions            []uint16
	Groups              []uint16
	SignatureAlgorithms []uint16
	KeyShares           []uint16 // groups for which a share was sent
	Ticket              []byte   // of TLS 1.2; nil without the extension
	PSKIdentities       int
	EarlyData           bool
	EMS, EncryptThenMAC bool
	RenegotiationInfo   bool
	ECH                 bool
}

// ServerHello is what the server chose (RFC 8446 §4.1.3, RFC 5246 §7.4.1.3).
type ServerHello struct {
	Version             uint16 // the one chosen, whichever field says it
	Random              [32]byte
	SessionID           []byte
	CipherSuite         uint16
	Compression         uint8
	Extensions          []uint16
	ALPN                string
	Group               uint16 // of the key share, or the one asked for by a retry request
	EMS, EncryptThenMAC bool
	TicketComing        bool // TLS 1.2: a session ticket will be sent
	HasPSK              bool
	RetryRequest        bool
}

// retryRandom is the random of a ServerHello that is a HelloRetryRequest
// (RFC 8446 §4.1.3).
var retryRandom = [32]byte{
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
}

// body is the content of a handshake message of a type.
func body(msg []byte, typ uint8) (cryptobyte.String, bool) {
	s := cryptobyte.String(msg)
	var t uint8
	var b cryptobyte.String
	if !s.ReadUint8(&t) || t != typ || !s.ReadUint24LengthPrefixed(&b) {
		return nil, false
	}
	return b, true
}

// ParseClientHello reads a whole handshake message, header included.
func ParseClientHello(msg []byte) (ClientHello, error) {
	var h ClientHello
	s, ok := body(msg, TypeClientHello)
	var id, suites, compression cryptobyte.String
	if !ok || !s.ReadUint16(&h.Version) || !s.CopyBytes(h.Random[:]) || !s.ReadUint8LengthPrefixed(&id) ||
		!s.ReadUint16LengthPrefixed(&suites) || !s.ReadUint8LengthPrefixed(&compression) {
		return h, errMessage
	}
	h.SessionID, h.Compression = id, compression
	h.CipherSuites = numbers(suites)
	ok = extensions(s, func(typ uint16, e cryptobyte.String) bool {
		h.Extensions = append(h.Extensions, typ)
		return h.extension(typ, e)
	})
	if !ok {
		return h, errMessage
	}
	return h, nil
}

func (h *ClientHello) extension(typ uint16, e cryptobyte.String) bool {
	var list cryptobyte.String
	switch typ {
	case extServerName:
		return h.serverName(e)
	case extALPN:
		h.ALPN = protocols(e)
	case extVersions:
		if !e.ReadUint8LengthPrefixed(&list) {
			return false
		}
		h.Versions = numbers(list)
	case extGroups:
		if !e.ReadUint16LengthPrefixed(&list) {
			return false
		}
		h.Groups = numbers(list)
	case extSignatureAlgorithms:
		if !e.ReadUint16LengthPrefixed(&list) {
			return false
		}
		h.SignatureAlgorithms = numbers(list)
	case extKeyShare:
		if !e.ReadUint16LengthPrefixed(&list) {
			return false
		}
		for !list.Empty() {
			var g uint16
			var key cryptobyte.String
			if !list.ReadUint16(&g) || !list.ReadUint16LengthPrefixed(&key) {
				return false
			}
			h.KeyShares = append(h.KeyShares, g)
		}
	case extSessionTicket:
		h.Ticket = append([]byte{}, e...)
	case extPSK:
		if !e.ReadUint16LengthPrefixed(&list) {
			return false
		}
		for !list.Empty() {
			var identity cryptobyte.String
			if !list.ReadUint16LengthPrefixed(&identity) || !list.Skip(4) {
				return false
			}
			h.PSKIdentities++
		}
	case extEarlyData:
		h.EarlyData = true
	case extEMS:
		h.EMS = true
	case extEncryptThenMAC:
		h.EncryptThenMAC = true
	case extRenegotiation:
		h.RenegotiationInfo = true
	case extECH:
		h.ECH = true
	}
	return true
}

// serverName reads the host name (RFC 6066 §3).
func (h *ClientHello) serverName(e cryptobyte.String) bool {
	var list cryptobyte.String
	if !e.ReadUint16LengthPrefixed(&list) {
		return false
	}
	for !list.Empty() {
		var kind uint8
		var name cryptobyte.String
		if !list.ReadUint8(&kind) || !list.ReadUint16LengthPrefixed(&name) {
			return false
		}
		if kind == 0 && h.SNI == "" {
			h.SNI = string(name)
		}
	}
	return true
}

// ParseServerHello reads a whole handshake message, header included.
func ParseServerHello(msg []byte) (ServerHello, error) {
	var h ServerHello
	s, ok := body(msg, TypeServerHello)
	var id cryptobyte.String
	if !ok || !s.ReadUint16(&h.Version) || !s.CopyBytes(h.Random[:]) || !s.ReadUint8LengthPrefixed(&id) ||
		!s.ReadUint16(&h.CipherSuite) || !s.ReadUint8(&h.Compression) {
		return h, errMessage
	}
	h.SessionID = id
	h.RetryRequest = h.Random == retryRandom
	ok = extensions(s, func(typ uint16, e cryptobyte.String) bool {
		h.Extensions = append(h.Extensions, typ)
		switch typ {
		case extVersions:
			return e.ReadUint16(&h.Version)
		case extALPN:
			if p := protocols(e); len(p) > 0 {
				h.ALPN = p[0]
			}
		case extKeyShare:
			return e.ReadUint16(&h.Group)
		case extEMS:
			h.EMS = true
		case extEncryptThenMAC:
			h.EncryptThenMAC = true
		case extSessionTicket:
			h.TicketComing = true
		case extPSK:
			h.HasPSK = true
		}
		return true
	})
	if !ok {
		return h, errMessage
	}
	return h, nil
}

// ParseEncryptedExtensions finds the protocol agreed on and whether early data
// was taken (RFC 8446 §4.3.1).
func ParseEncryptedExtensions(msg []byte) (alpn string, earlyData bool, err error) {
	s, ok := body(msg, TypeEncryptedExtensions)
	if !ok {
		return "", false, errMessage
	}
	ok = extensions(s, func(typ uint16, e cryptobyte.String) bool {
		switch typ {
		case extALPN:
			if p := protocols(e); len(p) > 0 {
				alpn = p[0]
			}
		case extEarlyData:
			earlyData = true
		}
		return true
	})
	if !ok {
		return alpn, earlyData, errMessage
	}
	return alpn, earlyData, nil
}

// maxCertificates bounds a chain.
const maxCertificates = 32

// ParseCertificates takes the certificates out of a Certificate message, leaf
// first, as DER (RFC 8446 §4.4.2, RFC 5246 §7.4.2).
func ParseCertificates(msg []byte, version uint16) ([][]byte, error) {
	s, ok := body(msg, TypeCertificate)
	var list, context cryptobyte.String
	if !ok || version >= TLS13 && !s.ReadUint8LengthPrefixed(&context) || !s.ReadUint24LengthPrefixed(&list) {
		return nil, errMessage
	}
	var all [][]byte
	for !list.Empty() && len(all) < maxCertificates {
		var der, ext cryptobyte.String
		if !list.ReadUint24LengthPrefixed(&der) || version >= TLS13 && !list.ReadUint16LengthPrefixed(&ext) {
			return all, errMessage
		}
		all = append(all, der)
	}
	return all, nil
}

// extensions walks a list that may be missing altogether.
func extensions(s cryptobyte.String, visit func(typ uint16, e cryptobyte.String) bool) bool {
	if s.Empty() {
		return true
	}
	var list cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&list) {
		return false
	}
	for !list.Empty() {
		var typ uint16
		var e cryptobyte.String
		if !list.ReadUint16(&typ) || !list.ReadUint16LengthPrefixed(&e) || !visit(typ, e) {
			return false
		}
	}
	return true
}

func protocols(e cryptobyte.String) (all []string) {
	var list, p cryptobyte.String
	if !e.ReadUint16LengthPrefixed(&list) {
		return nil
	}
	for list.ReadUint8LengthPrefixed(&p) {
		all = append(all, string(p))
	}
	return all
}

func numbers(s cryptobyte.String) (all []uint16) {
	var n uint16
	for s.ReadUint16(&n) {
		all = append(all, n)
	}
	return all
}
