package sandbox

import (
	"crypto/x509"
	"slices"
	"unicode/utf8"

	"xmppscope/decode/jid"
	"xmppscope/decode/tlswire"
)

// external is EXTERNAL: the client's certificate says who it is (RFC 4422
// Appendix A, XEP-0178 §2).
type external struct{ c *conn }

func beginExternal(c *conn, _ *mechanism) exchange { return external{c} }

func (e external) step(response []byte) ([]byte, *verdict) {
	names := e.c.tls.people
	if !utf8.Valid(response) || slices.Contains(response, 0) {
		return nil, &verdict{refusal: "malformed-request"}
	}
	wish := string(response)
	if wish == "" && len(names) != 1 {
		return nil, &verdict{refusal: "invalid-authzid", text: "The certificate has more than one address: say which."}
	}
	who := names[0]
	if wish != "" {
		j, err := jid.Parse(wish)
		if err != nil || !slices.Contains(names, j) {
			return nil, &verdict{refusal: "invalid-authzid", text: "The certificate does not have that address."}
		}
		who = j
	}
	a := e.c.srv.find(who.Local)
	if a == nil {
		return nil, &verdict{refusal: "not-authorized", text: "Nobody here has the address in the certificate."}
	}
	return nil, &verdict{account: a}
}

// people are the addresses of this server in a client's certificate, where one
// was shown and somebody trusted has signed it.
func (s *Server) people(certs []*x509.Certificate) (all []jid.JID) {
	if len(certs) == 0 || s.o.ClientCAs == nil {
		return nil
	}
	between := x509.NewCertPool()
	for _, c := range certs[1:] {
		between.AddCert(c)
	}
	_, err := certs[0].Verify(x509.VerifyOptions{Roots: s.o.ClientCAs, Intermediates: between,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	if err != nil {
		return nil
	}
	for _, id := range tlswire.Identifiers(certs[0]) {
		if id.Kind != tlswire.XmppAddr {
			continue
		}
		if j, err := jid.Parse(id.Text); err == nil && id.Fault == "" && s.local(j) && j.Local != "" && j.Resource == "" {
			all = append(all, j)
		}
	}
	return all
}
