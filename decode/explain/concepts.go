package explain

import "xmppscope/decode/spec"

// concepts are words that the explanations use and that stand on no wire.
var concepts = []Entry{
	{Name: "c2s", Ref: spec.RFC(6120, "2.5"), Text: "Client to server: a program of a user talks to the server of its account."},
	{Name: "s2s", Ref: spec.RFC(6120, "2.5"), Text: "Server to server: two domains exchange stanzas for their users. Each server opens a connection of its own to send."},
	{Name: "initiating entity", Ref: spec.RFC(6120, "4.2"), Text: "The side that opened the connection: the client, or the server that has something to send."},
	{Name: "receiving entity", Ref: spec.RFC(6120, "4.2"), Text: "The side that was connected to."},
	{Name: "websocket", Ref: spec.RFC(7395, "3"), Text: "XMPP in the frames of a WebSocket, one element in each. It is how programs in a web browser connect today."},
	{Name: "bosh", Ref: spec.XEP(124, ""), Text: "XMPP in many HTTP requests, each held open until there is an answer. It is how programs in a web browser connected before WebSocket."},
	{Name: "direct TLS", Ref: spec.XEP(368, "3"), Text: "TLS from the first byte of the connection, without STARTTLS. DNS names it as _xmpps-client and _xmpps-server."},
	{Name: "SNI", Ref: spec.RFC(6066, "3"), Text: "Server Name Indication: the name that the client asks for in its ClientHello. For XMPP it is the domain of the address, and everybody on the way can read it."},
	{Name: "ALPN", Ref: spec.RFC(7301, "3"), Text: "Application-Layer Protocol Negotiation: the protocol that is to be spoken inside TLS, xmpp-client or xmpp-server for XMPP.", Why: "With it one port can serve several protocols, and a stray connection is refused at once."},
	{Name: "cipher suite", Ref: spec.RFC(8446, "App. B.4"), Text: "The set of methods that a TLS connection uses: how keys are agreed on (up to TLS 1.2), what encrypts, and which hash is used."},
	{Name: "forward secrecy", Ref: spec.RFC(9325, "7.3"), Text: "A recording of today cannot be read with a key that is stolen tomorrow, because the secret of each connection is agreed on anew and never sent."},
	{Name: "early data", Ref: spec.RFC(8446, "2.3"), Text: "Data that a client sends in TLS 1.3 before the server has answered (0-RTT). An attacker can play it again, so only a login with a counter may travel in it."},
	{Name: "session resumption", Ref: spec.RFC(8446, "2.2"), Text: "A TLS handshake that goes on from an earlier connection, by a ticket or a session id. No certificate is shown again."},
	{Name: "GREASE", Ref: spec.RFC(8701, "2"), Text: "Values without a meaning that clients put into their hellos, so that servers stay tolerant of new ones."},
	{Name: "key log", Ref: spec.RFC(9850, "2"), Text: "A text file with the secrets of TLS connections, by the random number of their ClientHello. With it a recording can be decrypted.",
		Expect: "Give it with --keylog, or put it beside the capture with the ending .keys, .keylog or .sslkeylog."},
	{Name: "SSLKEYLOGFILE", Ref: spec.RFC(9850, "2"), Text: "A variable of the environment: many programs write their key log to the file that it names.",
		Why: "It must be set before the program starts. Who has the file can read everything, so it belongs on test machines alone."},
	{Name: "opaque", Ref: spec.RFC(8446, "5.2"), Text: "Bytes of a layer that cannot be read, such as TLS without its keys. Their sizes and times are shown, and why they cannot be read."},
	{Name: "channel binding", Ref: spec.RFC(5056, "2"), Text: "A value that is the same on both ends of a TLS connection, and different on every other one, is mixed into the login.",
		Why: "Whoever sits in between has two TLS connections, so the values differ and the login fails."},
	{Name: "tls-unique", Ref: spec.RFC(5929, "3"), Text: "Channel binding by the first Finished message of the handshake. It is not defined for TLS 1.3."},
	{Name: "tls-server-end-point", Ref: spec.RFC(5929, "4"), Text: "Channel binding by a hash of the server's certificate."},
	{Name: "tls-exporter", Ref: spec.RFC(9266, "2"), Text: "Channel binding by a value that TLS derives from its keys for this purpose. It is the one for TLS 1.3."},
	{Name: "SRV", Ref: spec.RFC(6120, "3.2.1"), Text: "A record of DNS that names the machines and ports which serve a domain, each with a priority and a weight.", Expect: "The lowest priority is tried first; among equals chance decides, by weight."},
	{Name: "zlib", Ref: spec.RFC(1950, "2"), Text: "The format in which streams are compressed: deflate behind a short header, flushed whenever something is to be sent, so that nothing waits.",
		Why: "Both sides go on with one window for the whole stream, so what was said before makes shorter what comes after."},
	{Name: "masking", Ref: spec.RFC(6455, "5.3"), Text: "A WebSocket client combines its payload with four bytes by XOR, which stand before it.", Why: "It keeps old proxies from taking the payload for HTTP. It hides nothing."},
	{Name: "permessage-deflate", Ref: spec.RFC(7692, "7"), Text: "The extension of WebSocket that compresses messages."},
	{Name: "long polling", Ref: spec.XEP(124, "4"), Text: "The client asks, and the server answers only when it has something to say. So the server can speak at any time, although HTTP lets it only answer."},
	{Name: "carrier", Ref: spec.XEP(124, "6"), Text: "The HTTP message in which elements of a BOSH session travel. In JSON it is the number of that event."},
	{Name: "related", Ref: spec.XEP(220, "2.1"), Text: "An event of another conversation that this one is about: the key that is verified, the session that is resumed, the redirection that is followed."},
}

func conceptEntries() []Entry {
	all := append(Glossary(), concepts...)
	for i := range all {
		all[i].Sort = SortConcept
	}
	return all
}

// boshEntries are the attributes of the wrapper that no other element has.
func boshEntries() []Entry {
	var all []Entry
	for _, a := range boshAttributes {
		switch a[0] {
		case "to", "from", "type", "condition", "time":
			continue
		}
		all = append(all, Entry{Name: a[0], Sort: SortWrapper, Text: a[1], Ref: spec.XEP(124, "7")})
	}
	return all
}

// closeEntries are the codes of WebSocket close frames, in their order.
func closeEntries() []Entry {
	var all []Entry
	for code := 1000; code < 1016; code++ {
		if text := closeText(digits(code)); text != "" {
			all = append(all, Entry{Name: digits(code), Sort: SortCloseCode, Text: text, Ref: spec.RFC(6455, "7.4.1")})
		}
	}
	return all
}
