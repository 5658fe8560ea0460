// Package dnswire reads DNS messages (RFC 1035) as far as finding an XMPP
// service needs them (RFC 6120 §3.2): questions, and answers of the types that
// lead to a host.
//
// It knows bytes. It must not know who asked, or why.
package dnswire

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// Message is one query or response.
type Message struct {
	ID        uint16
	Response  bool
	RCode     string // NOERROR, NXDOMAIN … of a response
	Truncated bool
	Questions []Question
	Answers   []Record
	More      []Record // of the additional section
}

// Question is what is asked for.
type Question struct {
	Name string // without the dot at its end, lower case
	Type string // SRV, A, AAAA …
}

// Record is one answer.
type Record struct {
	Name, Type string
	TTL        uint32 // seconds
	// Target is the host of SRV and CNAME; "." says that the service is not
	// offered (RFC 2782).
	Target                 string
	Priority, Weight, Port uint16
	Address                netip.Addr // of A and AAAA
	Text                   string     // of TXT
}

// maxRecords bounds the records that are kept of one section.
const maxRecords = 256

var errMessage = errors.New("this is no DNS message")

// Parse reads one message without the length that stands before it on TCP.
// Records behind damage are left out.
func Parse(msg []byte) (Message, error) {
	var p dnsmessage.Parser
	h, err := p.Start(msg)
	if err != nil {
		return Message{}, errMessage
	}
	m := Message{ID: h.ID, Response: h.Response, Truncated: h.Truncated, RCode: rcode(h.RCode)}
	for {
		q, err := p.Question()
		if err != nil {
			if !errors.Is(err, dnsmessage.ErrSectionDone) {
				return Message{}, errMessage
			}
			break
		}
		if len(m.Questions) < maxRecords {
			m.Questions = append(m.Questions, Question{name(q.Name), typeName(q.Type)})
		}
	}
	for len(m.Answers) < maxRecords {
		r, err := p.Answer()
		if err != nil {
			break
		}
		m.Answers = append(m.Answers, record(&r))
	}
	if p.SkipAllAnswers() == nil && p.SkipAllAuthorities() == nil {
		for len(m.More) < maxRecords {
			r, err := p.Additional()
			if err != nil {
				break
			}
			if r.Header.Type != dnsmessage.TypeOPT {
				m.More = append(m.More, record(&r))
			}
		}
	}
	return m, nil
}

func record(r *dnsmessage.Resource) Record {
	out := Record{Name: name(r.Header.Name), Type: typeName(r.Header.Type), TTL: r.Header.TTL}
	switch b := r.Body.(type) {
	case *dnsmessage.SRVResource:
		out.Target, out.Priority, out.Weight, out.Port = name(b.Target), b.Priority, b.Weight, b.Port
	case *dnsmessage.CNAMEResource:
		out.Target = name(b.CNAME)
	case *dnsmessage.AResource:
		out.Address = netip.AddrFrom4(b.A)
	case *dnsmessage.AAAAResource:
		out.Address = netip.AddrFrom16(b.AAAA)
	case *dnsmessage.TXTResource:
		out.Text = strings.Join(b.TXT, "")
	}
	return out
}

// name is a domain as people write it; the root is a dot.
func name(n dnsmessage.Name) string {
	s := strings.ToLower(strings.TrimSuffix(n.String(), "."))
	if s == "" {
		return "."
	}
	return s
}

func typeName(t dnsmessage.Type) string {
	switch t {
	case 64:
		return "SVCB"
	case 65:
		return "HTTPS"
	}
	if s, ok := strings.CutPrefix(t.String(), "Type"); ok {
		return s
	}
	return fmt.Sprintf("TYPE%d", t)
}

func rcode(c dnsmessage.RCode) string {
	switch c {
	case dnsmessage.RCodeSuccess:
		return "NOERROR"
	case dnsmessage.RCodeFormatError:
		return "FORMERR"
	case dnsmessage.RCodeServerFailure:
		return "SERVFAIL"
	case dnsmessage.RCodeNameError:
		return "NXDOMAIN"
	case dnsmessage.RCodeNotImplemented:
		return "NOTIMP"
	case dnsmessage.RCodeRefused:
		return "REFUSED"
	}
	return fmt.Sprintf("RCODE%d", c)
}

// Fields are what a message says, in words for a reader: name, value and
// meaning of each line. Values come from the wire.
func (m *Message) Fields() (all [][3]string) {
	for _, q := range m.Questions {
		all = append(all, [3]string{"question", q.Type + " " + q.Name, questionWords(q)})
	}
	if !m.Response {
		return all
	}
	if m.RCode != "NOERROR" {
		all = append(all, [3]string{"result", m.RCode, rcodeWords(m.RCode)})
	} else if len(m.Answers) == 0 && !m.Truncated {
		all = append(all, [3]string{"result", "no such record", "the name exists, or may exist, but has no record of this type"})
	}
	for _, r := range append(m.Answers[:len(m.Answers):len(m.Answers)], m.More...) {
		all = append(all, [3]string{r.Type, r.words(), r.meaning()})
	}
	if m.Truncated {
		all = append(all, [3]string{"truncated", "yes", "the answer did not fit; it will be asked for again over TCP"})
	}
	return all
}

func (r *Record) words() string {
	switch {
	case r.Type == "SRV":
		return fmt.Sprintf("%s → %s port %d, priority %d, weight %d", r.Name, r.Target, r.Port, r.Priority, r.Weight)
	case r.Address.IsValid():
		return r.Name + " → " + r.Address.String()
	case r.Target != "":
		return r.Name + " → " + r.Target
	case r.Text != "":
		return r.Name + " → " + r.Text
	}
	return r.Name
}

func (r *Record) meaning() string {
	switch {
	case r.Type == "SRV" && r.Target == ".":
		return "the service is not offered at this domain, and nothing else is to be tried (RFC 6120 §3.2.1)"
	case r.Type == "SRV":
		return "the lowest priority is tried first; among equals the weight says how often each one is chosen"
	case r.Address.IsValid():
		return "the address to connect to"
	case r.Type == "CNAME":
		return "the name is another name for this one"
	}
	return ""
}

// services are the SRV names of XMPP (RFC 6120 §3.2.1, XEP-0368 §2).
var services = [...][2]string{
	{"_xmpp-client._tcp.", "which hosts serve clients of the domain, with STARTTLS"},
	{"_xmpps-client._tcp.", "which hosts serve clients of the domain, with TLS from the first byte"},
	{"_xmpp-server._tcp.", "which hosts speak for the domain to other servers, with STARTTLS"},
	{"_xmpps-server._tcp.", "which hosts speak for the domain to other servers, with TLS from the first byte"},
	{"_xmppconnect.", "which other ways lead to the domain (XEP-0156)"},
}

func questionWords(q Question) string {
	for _, s := range services {
		if strings.HasPrefix(q.Name, s[0]) {
			return s[1]
		}
	}
	if q.Type == "A" || q.Type == "AAAA" {
		return "the address of this host"
	}
	return ""
}

func rcodeWords(code string) string {
	switch code {
	case "NXDOMAIN":
		return "there is no such name; without SRV records the domain itself is tried at its usual port (RFC 6120 §3.2.2)"
	case "SERVFAIL":
		return "the DNS server could not find out"
	case "REFUSED":
		return "the DNS server does not answer this question to this asker"
	}
	return ""
}

// HeaderLen is the length of the header of a message in bytes (RFC 1035 §4.1.1).
const HeaderLen = 12

// Plausible tells whether a message may begin with these bytes, at least
// HeaderLen of them: an ordinary query or its answer, with one question.
func Plausible(p []byte) bool {
	const opcode, zero = 0x78, 0x40 // RFC 1035 §4.1.1: QUERY and Z, without the bits of RFC 4035 §3.2
	return p[2]&opcode == 0 && p[3]&zero == 0 && p[4] == 0 && p[5] == 1
}

// Domain is the XMPP domain that a service name such as _xmpp-client._tcp.D is
// about; empty for other names.
func Domain(service string) string {
	for _, s := range services {
		if d, ok := strings.CutPrefix(service, s[0]); ok {
			return d
		}
	}
	return ""
}
