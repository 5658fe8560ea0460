package explain

import (
	"bytes"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
)

// tlsWords says what a message of TLS says, with the values on its wire.
func tlsWords(e *decode.Event, m tlswire.Message) string {
	if words := tlsTold[e.Name.Local]; words != nil {
		return words(e, m)
	}
	if t := tlsTitles[e.Name.Local]; t != "" {
		return sender(e) + " " + t + "."
	}
	return sender(e) + " sends the TLS message " + value(e.Name.Local) + ", which cannot be read here."
}

var tlsTold = map[string]func(*decode.Event, tlswire.Message) string{
	"client_hello":         clientHelloWords,
	"server_hello":         serverHelloWords,
	"hello_retry_request":  retryWords,
	"encrypted_extensions": encryptedWords,
	"certificate":          certificateWords,
	"certificate_verify": func(e *decode.Event, m tlswire.Message) string {
		return sender(e) + " signs the handshake so far with the key of its certificate" + when(field(m, "algorithm") != "", ", by "+value(field(m, "algorithm"))) + "."
	},
	"server_key_exchange": keyExchangeWords,
	"client_key_exchange": func(e *decode.Event, _ tlswire.Message) string {
		if kx, _ := suiteParts(stateOf(e).TLS.Cipher); kx == "RSA" {
			return sender(e) + " makes up the secret of the connection and sends it encrypted with the server's RSA key."
		}
		return sender(e) + " sends its half of the key agreement. The secret itself is never sent."
	},
	"certificate_request": func(e *decode.Event, _ tlswire.Message) string {
		return sender(e) + " asks " + reader(e) + " for a certificate."
	},
	"finished": func(e *decode.Event, _ tlswire.Message) string {
		return say(sender(e)+" proves that it saw the same handshake as the other side and has the same keys.",
			when(stateOf(e).TLS.Resumed, "An older session goes on, so no certificate was shown."))
	},
	"new_session_ticket": func(e *decode.Event, m tlswire.Message) string {
		return sender(e) + " gives a ticket for the next connection" + when(field(m, "lifetime") != "", ", good for "+value(field(m, "lifetime"))) + "."
	},
	"key_update": func(e *decode.Event, m tlswire.Message) string {
		return say(sender(e)+" encrypts with new keys from its next record on.", when(field(m, "request_update") == "1", "It asks the other side to do the same."))
	},
	"change_cipher_spec": func(e *decode.Event, _ tlswire.Message) string {
		if tlsVersion(e) >= tlswire.TLS13 {
			return sender(e) + " sends a message of older versions that means nothing in TLS 1.3. It is there so that boxes on the way take this for a handshake they know."
		}
		return sender(e) + " uses the new keys from its next record on."
	},
	"alert": alertWords,
}

func clientHelloWords(e *decode.Event, _ tlswire.Message) string {
	h, err := tlswire.ParseClientHello(e.Wire)
	if err != nil {
		return sender(e) + " begins TLS, but its ClientHello is damaged."
	}
	var versions []string
	for _, v := range h.Versions {
		if v >= tlswire.SSL30 && v <= tlswire.TLS13 {
			versions = append(versions, tlswire.VersionName(v))
		}
	}
	if len(versions) == 0 {
		versions = []string{tlswire.VersionName(h.Version) + " or older"}
	}
	named := "It names no server (no SNI), so a machine with several domains cannot know whose certificate to show."
	if h.SNI != "" {
		named = "It wants to talk to " + value(h.SNI) + "; this name (SNI) can be read by everybody on the way."
	}
	return say(sender(e)+" begins TLS and says what it can do: "+and(versions)+", "+count(len(h.CipherSuites), "cipher suite")+".",
		named,
		when(len(h.ALPN) > 0, "Inside, it wants to speak "+list(h.ALPN, 4)+" (ALPN)."),
		when(e.Step == decode.StepDirectTLS && len(h.ALPN) == 0, "It does not say what it wants to speak inside (no ALPN), although direct TLS should."),
		when(h.PSKIdentities > 0 || len(h.Ticket) > 0, "It shows a ticket of an earlier connection, to save most of the handshake."),
		when(h.EarlyData, "It will send data at once, without waiting for an answer (early data)."),
		when(h.ECH, "Its real hello may be hidden inside this one (ECH)."))
}

func serverHelloWords(e *decode.Event, _ tlswire.Message) string {
	s := stateOf(e)
	h, _ := tlswire.ParseServerHello(e.Wire)
	return say(sender(e)+" has chosen "+tlswire.VersionName(s.TLS.Version)+" with "+tlswire.CipherName(s.TLS.Cipher)+".",
		suiteWords(s.TLS.Cipher),
		when(h.Group != 0, "The keys are agreed on by "+tlswire.GroupName(h.Group)+"."),
		when(h.HasPSK, "An older session goes on: no certificate is shown again."),
		when(h.ALPN != "", "Inside, "+value(h.ALPN)+" is spoken (ALPN)."),
		when(bytes.HasSuffix(h.Random[:], downgraded), "Its random number ends in a sign that it also has TLS 1.3, which the client did not offer."))
}

// downgraded ends the random number of a server that could do better
// (RFC 8446 §4.1.3).
var downgraded = []byte("DOWNGRD\x01")

func retryWords(e *decode.Event, _ tlswire.Message) string {
	h, _ := tlswire.ParseServerHello(e.Wire)
	if h.Group == 0 {
		return sender(e) + " wants a second ClientHello that brings a cookie back."
	}
	return sender(e) + " wants a second ClientHello, with a key share of the group " + tlswire.GroupName(h.Group) + "."
}

func encryptedWords(e *decode.Event, _ tlswire.Message) string {
	alpn, early, _ := tlswire.ParseEncryptedExtensions(e.Wire)
	said := "It does not say what is spoken inside (no ALPN), which leaves it open."
	if alpn != "" {
		said = "Inside, " + value(alpn) + " is spoken (ALPN)."
	}
	return say(sender(e)+" gives the rest of its answer, already encrypted.", said, when(early, "It has taken the early data."))
}

func keyExchangeWords(e *decode.Event, m tlswire.Message) string {
	how := ""
	switch {
	case field(m, "curve") != "":
		how = " on the curve " + value(field(m, "curve"))
	case field(m, "prime") != "":
		how = ", Diffie-Hellman with a prime of " + field(m, "prime")
	}
	return sender(e) + " sends its half of the key agreement" + how + ", signed with the key of its certificate."
}

func certificateWords(e *decode.Event, m tlswire.Message) string {
	if len(certificates(e)) == 0 {
		return sender(e) + " was asked for a certificate and shows none."
	}
	names := tlswire.CertificateNames(certificates(e)[0])
	about := pick(len(names) > 0, "It is for "+list(names, 6)+".", "It names no domain.")
	signed := "It is signed by " + value(field(m, "issuer")) + "."
	if field(m, "issuer") == field(m, "subject") {
		signed = "It is signed by itself, so nobody else vouches for it."
	}
	until, _, _ := strings.Cut(field(m, "not after"), "T")
	return say(sender(e)+" shows its certificate"+when(len(certificates(e)) > 1, " with "+count(len(certificates(e))-1, "certificate")+" of those who signed it")+".",
		about, signed, when(until != "", "It is good until "+value(until)+"."))
}

func alertWords(e *decode.Event, m tlswire.Message) string {
	if e.Condition == "" {
		return sender(e) + " says that it will send nothing more inside TLS."
	}
	means := ""
	for _, f := range m.Fields {
		if f.Name == "description" && f.Meaning != "" {
			means = ": " + f.Meaning
		}
	}
	return sender(e) + " reports a fault of TLS: " + value(e.Condition) + means + "."
}
