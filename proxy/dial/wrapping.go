package dial

import "slices"

// Service says which service of a domain is wanted.
type Service uint8

const (
	// Client is the service for clients (RFC 6120 §3.2.1).
	Client Service = iota
	// Server is the service for other servers.
	Server
	// Component is the port for trusted components (XEP-0114). DNS does not
	// tell where it is.
	Component
)

// services is what differs between them. A port of 0 does not exist, nor does
// an empty name.
var services = [...]struct {
	name, srv, srvs string // RFC 6120 §3.2.1, XEP-0368 §3
	alpn            string // XEP-0368 §3
	content         string // namespace of the stream's content
	port, tlsPort   uint16
}{
	Client:    {"client", "xmpp-client", "xmpps-client", "xmpp-client", "jabber:client", 5222, 5223},
	Server:    {"server", "xmpp-server", "xmpps-server", "xmpp-server", "jabber:server", 5269, 5270},
	Component: {"component", "", "", "", "jabber:component:accept", 5347, 5347},
}

func (s Service) String() string { return services[s].name }

// ALPN is the name of the protocol that direct TLS asks for (XEP-0368 §3);
// empty where there is none.
func (s Service) ALPN() string { return services[s].alpn }

// Content is the content namespace of its streams.
func (s Service) Content() string { return services[s].content }

// Wrapping says what an XMPP stream is carried in.
type Wrapping uint8

const (
	// Auto leaves the choice to what DNS offers; where an address was given, to
	// its port.
	Auto Wrapping = iota
	// StartTLS begins in clear text and changes to TLS (RFC 6120 §5).
	StartTLS
	// TLS is there from the first byte (XEP-0368).
	TLS
	// Plain stays in clear text.
	Plain
	// WebSocket is XMPP over WebSocket (RFC 7395).
	WebSocket
	// BOSH is XMPP in HTTP requests (XEP-0124, XEP-0206).
	BOSH
)

// wrappings is the table of their names and of what host-meta calls them.
var wrappings = [...]struct{ name, rel string }{
	Auto:      {"auto", ""},
	StartTLS:  {"starttls", ""},
	TLS:       {"tls", ""},
	Plain:     {"plain", ""},
	WebSocket: {"ws", "websocket"},
	BOSH:      {"bosh", "xbosh"},
}

func (w Wrapping) String() string { return wrappings[w].name }

// Web tells whether HTTP comes first.
func (w Wrapping) Web() bool { return wrappings[w].rel != "" }

// Wrappings are the names of all wrappings, as [ParseWrapping] reads them.
func Wrappings() (all []string) {
	for _, w := range wrappings {
		all = append(all, w.name)
	}
	return all
}

// ParseWrapping reads the name of a wrapping; false where it is none.
func ParseWrapping(name string) (Wrapping, bool) {
	i := slices.Index(Wrappings(), name)
	return Wrapping(max(i, 0)), i >= 0
}

// defaultPort is where a service is found when nobody says otherwise (RFC 6120
// §3.2.2); for direct TLS the ports that are usual.
func defaultPort(s Service, w Wrapping) uint16 {
	switch w {
	case TLS:
		return services[s].tlsPort
	case WebSocket, BOSH:
		return 443
	}
	return services[s].port
}

// byPort is the wrapping that a port stands for.
func byPort(s Service, port uint16) Wrapping {
	switch {
	case s == Component:
		return Plain
	case port == services[s].tlsPort || port == 443:
		return TLS
	}
	return StartTLS
}
