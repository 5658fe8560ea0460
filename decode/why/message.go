package why

import (
	"fmt"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/spec"
)

var messageQuestions = []Question{
	{Name: "message", Also: []string{"delivery", "delivered"}, Word: "ID", Ask: "Did the message get through?",
		Doc: "why a message was not delivered; a word chooses it by id or address", answer: answerMessage},
}

// theMessage names a message, by its id where it has one.
func theMessage(m *moment) string {
	if m.id == "" {
		return "a message without an id"
	}
	return "the message " + value(m.id)
}

func answerMessage(v *view) {
	t := v.t
	bounced := t.messages.every(func(m *moment) bool {
		return m.typ == "error" && (v.fits(m) || m.reply > 0 && v.fits(v.message(m.reply)))
	})
	for i, m := range bounced {
		if i == maxTold {
			break
		}
		v.fact(spec.RFC(6120, "8.3"), v.Who(m.dir)+" sends "+theMessage(m)+" to "+value(m.from)+" back with "+value(m.cond)+said(m.text)+".", m.reply, m.seq)
	}
	if n := len(bounced); n > 0 {
		last := bounced[n-1]
		v.didNot("The message to %s was not delivered: %s%s.", value(last.from), value(last.cond), said(last.text))
		v.refusal(explain.SortStanza, last, last.reply, "message-", "jid-", "stanza-", "from-")
		return
	}
	sent := t.messages.latest(func(m *moment) bool { return m.dir == decode.FromInitiator && m.typ != "error" && v.fits(m) })
	if sent == nil {
		v.noMessage()
		return
	}
	v.fact(spec.RFC(6121, "5"), v.Who(sent.dir)+" sends "+theMessage(sent)+" to "+value(sent.to)+".", sent.seq)
	v.arrived(sent)
}

func (v *view) message(seq decode.Seq) *moment {
	if m := v.t.messages.find(func(m *moment) bool { return m.seq == seq }); m != nil {
		return m
	}
	return &moment{}
}

// noMessage settles a conversation in which no such message was sent.
func (v *view) noMessage() {
	ref := spec.RFC(6121, "5")
	if !v.boundFirst("Messages are sent after an address is bound.", ref) {
		return
	}
	what := "No message was sent"
	if v.word != "" {
		what = "No message that fits " + value(v.word) + " was sent"
	}
	came := v.t.messages.find(func(m *moment) bool { return m.dir == decode.FromReceiver && v.fits(m) })
	if came != nil {
		v.fact(ref, "A message from "+value(came.from)+" was delivered here.", came.seq)
		v.happened("A message was delivered here; this side sends none itself.")
		return
	}
	v.absent(v.sinceBound(), "%s on this connection.", what)
}

// arrived settles a message that did not come back: what shows that it was
// taken.
func (v *view) arrived(sent *moment) {
	t := v.t
	receipt := t.messages.find(func(m *moment) bool {
		return m.seq > sent.seq && m.dir != sent.dir && m.payload.Space == nsReceipts && m.payload.Local == "received" && bare(m.from) == bare(sent.to)
	})
	echo := t.messages.find(func(m *moment) bool {
		return m.seq > sent.seq && m.dir != sent.dir && m.typ == "groupchat" && m.id == sent.id && m.id != "" && bare(m.from) == bare(sent.to)
	})
	h := sent.sm.Sent[sent.dir&1]
	acked := t.acks.find(func(m *moment) bool {
		return m.seq > sent.seq && m.dir != sent.dir && m.after != nil && m.after.Managed[sent.dir&1] && h > 0 && int32(m.sm.Acked[sent.dir&1]-h) >= 0
	})
	other, there := v.delivered(sent)
	switch {
	case there != nil:
		v.fact(spec.RFC(6121, "8.5"), "On conversation "+number(int(other.conn))+" it is delivered to "+value(there.to)+".", there.seq)
		v.happened("The message was delivered: conversation %d shows it.", other.conn)
		return
	case receipt != nil:
		v.fact(spec.XEP(184, "7"), value(receipt.from)+" confirms that it received it.", receipt.seq)
		v.happened("The message was received: the other program says so.")
		return
	case echo != nil:
		v.fact(spec.XEP(45, "7.4"), "The room sends it to everybody, to its sender too.", echo.seq)
		v.happened("The room has taken the message and passed it on.")
		return
	case acked != nil:
		v.fact(spec.XEP(198, "4"), fmt.Sprintf("The server confirms %s: it has taken this one and is responsible for it.", count(int(acked.sm.Acked[sent.dir&1]), "stanza")), acked.seq)
		v.unknown("The server has taken the message, and nothing came back; whether it reached the other program this connection does not show.")
	default:
		v.untold(sent)
	}
	v.tell("A capture of the connection of " + value(sent.to) + ", or of the one between the servers.")
	v.tell("Ask for a delivery receipt (XEP-0184) with the message: its answer is proof.")
}

// delivered finds a message on another conversation, where it comes out.
func (v *view) delivered(sent *moment) (*talk, *moment) {
	if sent.id == "" || v.t.now == nil || v.t.now.JID == "" {
		return nil, nil
	}
	for _, conn := range v.c.order {
		o := v.c.talks[conn]
		if o == v.t {
			continue
		}
		m := o.messages.find(func(m *moment) bool {
			return m.dir == decode.FromReceiver && m.id == sent.id && m.typ == sent.typ &&
				(bare(m.from) == bare(v.t.now.JID) || bare(m.from) == bare(sent.to)) && !m.at.Before(sent.at)
		})
		if m != nil {
			return o, m
		}
	}
	return nil, nil
}

// untold settles a message of which nothing more is known.
func (v *view) untold(sent *moment) {
	t := v.t
	end := t.ending(sent.seq)
	managed := sent.after != nil && sent.after.Managed[sent.dir&1]
	switch {
	case managed && end != nil && end.kind == decode.KindTCP:
		v.tellEnding(sent.seq)
		v.unknown("The connection broke before the server confirmed the message: it may be lost. A client sends it again when it resumes the stream.")
	case end != nil && (end.kind == decode.KindStreamError || end.kind == decode.KindTCP) && end.at.Sub(sent.at) < patience:
		v.tellEnding(sent.seq)
		v.unknown("The connection ends %s after the message was sent; whether the server had taken it nobody can tell.", long(end.at.Sub(sent.at)))
	default:
		v.fact(spec.RFC(6121, "8.5"), "A message has no answer of its own; only an error would come back, and none did.", t.last)
		v.unknown("The message was sent and did not come back. Whether it was delivered this connection does not show.")
	}
}
