package httpwire

import "strings"

// ParseExtensions reads what was agreed on in the answer's header
// Sec-WebSocket-Extensions (RFC 6455 §9.1, RFC 7692 §7.1): how to read the
// frames of the client and of the server.
func ParseExtensions(header string) (sides [2]WSOptions) {
	sides[0].Masked = true
	for one := range strings.SplitSeq(header, ",") {
		params := strings.Split(one, ";")
		if strings.TrimSpace(params[0]) != "permessage-deflate" {
			continue
		}
		sides[0].Deflate, sides[1].Deflate = true, true
		for _, p := range params[1:] {
			switch name, _, _ := strings.Cut(strings.TrimSpace(p), "="); name {
			case "client_no_context_takeover":
				sides[0].NoContext = true
			case "server_no_context_takeover":
				sides[1].NoContext = true
			}
		}
		break
	}
	return sides
}
