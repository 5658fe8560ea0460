package decode

import (
	"crypto/sha256"
	"io"
	"strings"

	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// maxLinks bounds what is remembered of each sort (law 5).
const maxLinks = 1 << 14

// Links joins what one conversation says about another: the dialback key that
// is verified on a second connection (XEP-0220 §2.1), the stream that is resumed
// (XEP-0198 §5), the redirection that is followed (RFC 6120 §4.9.3.19). Events
// of all conversations pass through it in order. The zero value is empty and
// ready.
type Links struct {
	keys    links // dialback keys by stream id and pair of domains
	asked   links // their verification
	streams links // enabled streams by resumption id
	moved   links // redirections by domain
	tokens  tokens
	heirs   heirs
	tree    xmlstream.Tree
}

// tokens are those that were handed out, by account, the latest first (XEP-0484
// §3.3).
type tokens struct {
	of    map[linkName][]string
	order []linkName
}

// Bounds of the tokens that are remembered (law 5).
const (
	maxAccounts = 1 << 10
	maxTokens   = 8
	maxToken    = 1 << 10 // bytes
)

func (k *tokens) add(n linkName, token string) {
	if token == "" || len(token) > maxToken {
		return
	}
	if k.of == nil {
		k.of = map[linkName][]string{}
	}
	before, known := k.of[n]
	if !known {
		k.order = append(k.order, n)
	}
	k.of[n] = append([]string{token}, before[:min(len(before), maxTokens-1)]...)
	if len(k.order) > maxAccounts {
		delete(k.of, k.order[0])
		k.order = k.order[1:]
	}
}

// links are the last maxLinks events of a sort, by name. A name is kept as its
// hash: the wire may make it as long as it likes.
type links struct {
	seq   map[linkName]Seq
	order []linkName // oldest first; replaced ones stand there twice
}

type linkName [sha256.Size]byte

func nameLink(words ...string) (n linkName) {
	h := sha256.New()
	for _, w := range words {
		_, _ = io.WriteString(h, w+"\x00") // no character of XML: nothing can be taken for two words
	}
	h.Sum(n[:0])
	return n
}

func (l *links) add(n linkName, seq Seq) {
	if l.seq == nil {
		l.seq = map[linkName]Seq{}
	}
	if _, known := l.seq[n]; !known {
		l.order = append(l.order, n)
	}
	l.seq[n] = seq
	if len(l.order) > maxLinks {
		delete(l.seq, l.order[0])
		l.order = l.order[1:]
	}
}

// Note sets e.Related where e is about an event of another conversation, and
// remembers e where others may be about it. e has its final number. A login by
// token gets the tokens that were seen, so that it can be verified; a resumed
// stream the state of the older one.
func (l *Links) Note(e *Event) {
	l.login(e)
	heir := l.heirs.heir[e.Conn]
	l.relate(e)
	l.heirs.fill(e, l.heirs.heir[e.Conn] != heir)
	l.heirs.keep(e)
}

func (l *Links) relate(e *Event) {
	switch e.Step {
	case StepS2SDialback1, StepS2SDialback2, StepS2SDialback3, StepS2SDialback4:
		l.dialback(e)
	case StepSMEnable, StepSMResume, StepSASL2Authenticate, StepFASTLogin, StepIAP, StepSASL2Success:
		l.resuming(e)
	case StepRedirect:
		if e.State != nil && e.State.Domain != "" {
			l.moved.add(nameLink(e.State.Domain), e.Seq)
		}
	case StepStreamOpenInitial, StepS2SOpen, StepWSOpen, StepBOSHCreate:
		if e.Dir == FromInitiator && e.To != "" && e.State != nil && e.State.Headers == [2]int{} {
			n := nameLink(e.To)
			e.Related = l.moved.seq[n]
			if e.Related != 0 {
				l.moved.seq[n] = 0 // followed once
			}
		}
	}
}

// dialback joins the four steps, by the stream that the key was made for and
// the two domains. The verifying server is the receiver of the key, and names
// the stream (XEP-0220 §2.1.2).
func (l *Links) dialback(e *Event) {
	switch e.Step {
	case StepS2SDialback1:
		l.keys.add(nameLink(streamID(e), e.From, e.To), e.Seq)
	case StepS2SDialback2:
		n := nameLink(e.ID, e.To, e.From)
		e.Related = l.keys.seq[n]
		l.asked.add(n, e.Seq)
	case StepS2SDialback3:
		e.Related = l.keys.seq[nameLink(e.ID, e.From, e.To)]
	case StepS2SDialback4:
		e.Related = l.asked.seq[nameLink(streamID(e), e.To, e.From)]
	}
}

// resuming joins what resumes a stream, or wants to, to what had made it so
// (XEP-0198 §3, §5), be it inside a login (XEP-0198 §9).
func (l *Links) resuming(e *Event) {
	switch n := e.Element(&l.tree); {
	case n == nil:
	case e.Step == StepSASL2Success:
		if id, ok := attrOf(smChild(n, "resumed"), "previd"); ok {
			l.resumed(e, id)
		} else if id, ok := attrOf(enabled(n), "id"); ok {
			l.resumable(e, id)
		}
	case n.Name.Local == "enabled":
		if id, ok := n.Attr("id"); ok {
			l.resumable(e, id)
		}
	case n.Name.Local == "resumed":
		if id, ok := n.Attr("previd"); ok {
			l.resumed(e, id)
		}
	default:
		id, ok := n.Attr("previd")
		if n.Name.Space == nsSASL2 {
			id, ok = attrOf(smChild(n, "resume"), "previd")
		}
		if ok {
			e.Related = l.streams.seq[nameLink(id)]
		}
	}
}

// resumable notes under which id a stream can be resumed.
func (l *Links) resumable(e *Event, id string) {
	if id != "" {
		l.streams.add(nameLink(id), e.Seq)
		l.heirs.mayResume(e.Conn, nameLink(id))
	}
}

// resumed joins a resumed stream to the older one.
func (l *Links) resumed(e *Event, id string) {
	e.Related = l.streams.seq[nameLink(id)]
	l.heirs.inherit(e, nameLink(id))
}

// login hands the tokens of an account on to the logins that may use them.
func (l *Links) login(e *Event) {
	x := e.SASL
	if x == nil || !x.SASL2 {
		return
	}
	if strings.HasPrefix(x.Mechanism, "HT-") && len(l.tokens.of) > 0 {
		user, _ := sasl.Username(x)
		if !strings.Contains(user, "@") {
			user += "@" + x.Domain
		}
		if seen := l.tokens.of[nameLink(strings.ToLower(user))]; seen != nil {
			known := *x
			known.Tokens = seen
			e.SASL = &known
		}
	}
	if e.Step == StepSASL2Success && e.After != nil && e.After.Token.Given {
		if n := e.Element(&l.tree); n != nil {
			if token, ok := attrOf(n.Child(nsFAST, "token"), "token"); ok {
				l.tokens.add(nameLink(strings.ToLower(bare(e.After.Identity))), token)
			}
		}
	}
}

func attrOf(n *xmlstream.Node, local string) (string, bool) {
	if n == nil {
		return "", false
	}
	return n.Attr(local)
}

// streamID is the id of the stream that an event was sent on.
func streamID(e *Event) string {
	if e.State == nil {
		return ""
	}
	return e.State.StreamID
}
