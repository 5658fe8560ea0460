package sandbox

import (
	"crypto/sha1"
	"encoding/base64"
	"slices"
	"strings"
)

// capsNode names the program whose features the hash stands for.
const capsNode = "https://xmppscope.example/sandbox"

// serverName is what the server calls itself.
const serverName = "xmppscope practice server"

// offerCaps sends the hash of what service discovery would tell of the server
// (XEP-0115 §6.3).
func offerCaps(c *conn) string {
	if c.stage != authentic {
		return ""
	}
	return element("", "c", "xmlns", nsCaps, "hash", "sha-1", "node", capsNode, "ver", c.srv.caps())
}

// caps is that hash (XEP-0115 §5.1).
func (s *Server) caps() string {
	vars := s.serverFeatures()
	slices.Sort(vars)
	h := sha1.Sum([]byte("server/im//" + serverName + "<" + strings.Join(slices.Compact(vars), "<") + "<"))
	return base64.StdEncoding.EncodeToString(h[:])
}

// serverFeatures are those of the domain.
func (s *Server) serverFeatures() (all []string) {
	for _, h := range questions() {
		// What the account is asked for is found at its server (XEP-0280 §3).
		if h.feature != "" && h.at&(toServer|toSelf) != 0 {
			all = append(all, h.feature)
		}
	}
	return append(all, "msgoffline", nsStanzaID) // XEP-0160 §3, XEP-0359 §3
}
