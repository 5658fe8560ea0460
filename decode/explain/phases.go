package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// phaseTexts explains the phases of a connection.
var phaseTexts = map[decode.Phase]Entry{
	decode.PhaseConnect:  {Text: "Before the stream: finding the right machine and connecting to it.", Expect: "The stream is opened.", Ref: spec.RFC(6120, "3")},
	decode.PhaseOpen:     {Text: "Both sides open their streams, or open them anew, and the receiving side lists its features.", Expect: "Encryption, login or binding, whichever is due next.", Ref: spec.RFC(6120, "4")},
	decode.PhaseStartTLS: {Text: "Both sides agree to switch the connection to encryption.", Expect: "The TLS handshake.", Ref: spec.RFC(6120, "5.4.2")},
	decode.PhaseTLS:      {Text: "TLS is set up: keys are agreed on, and the server shows its certificate.", Expect: "The stream is opened anew inside the encryption.", Ref: spec.RFC(6120, "5.4.3")},
	decode.PhaseAuth:     {Text: "One side proves who it is.", Expect: "With the older SASL a new stream; with SASL 2 the features follow at once.", Ref: spec.RFC(6120, "6")},
	decode.PhaseCompress: {Text: "Both sides agree to compress the stream, which is obsolete.", Expect: "The stream is opened anew inside the compression.", Ref: spec.XEP(138, "2")},
	decode.PhaseBind:     {Text: "The client gets its full address.", Expect: "The roster, the first presence, and then the exchange of stanzas.", Ref: spec.RFC(6120, "7")},
	decode.PhaseSession:  {Text: "An old client asks for a session, which does nothing any more.", Expect: "The roster and the first presence.", Ref: spec.RFC(3921, "3")},
	decode.PhaseResume:   {Text: "Counting of stanzas is turned on, or an earlier session is taken up again.", Expect: "The exchange of stanzas.", Ref: spec.XEP(198, "3")},
	decode.PhaseExchange: {Text: "What the connection was made for: messages, presence, questions and answers.", Expect: "Any stanza, until one side closes.", Ref: spec.RFC(6120, "8")},
	decode.PhaseClose:    {Text: "The sides say goodbye and close their streams, or one of them ends the stream with an error.", Expect: "The TCP connection ends.", Ref: spec.RFC(6120, "4.4")},
}

// kindTexts explains the kinds of events.
var kindTexts = map[decode.Kind]Entry{
	decode.KindOpen:        {Text: "A stream header: the start tag of one side's document, with the XML declaration before it.", Ref: spec.RFC(6120, "4.7")},
	decode.KindClose:       {Text: "The end tag of one side's document.", Ref: spec.RFC(6120, "4.4")},
	decode.KindFeatures:    {Text: "The list of what can be negotiated at this stage.", Ref: spec.RFC(6120, "4.3.2")},
	decode.KindStanza:      {Text: "A message, presence or iq: one of the three elements that carry what people and programs have to say.", Ref: spec.RFC(6120, "8")},
	decode.KindStreamError: {Text: "An error that ends the whole stream.", Ref: spec.RFC(6120, "4.9")},
	decode.KindNonza:       {Text: "An element directly inside the stream that is no stanza: it negotiates something between the two ends and is never passed on.", Ref: spec.RFC(6120, "4.3")},
	decode.KindSpace:       {Text: "White space between elements. It means nothing, and is often sent to keep the line open.", Ref: spec.RFC(6120, "4.6")},
	decode.KindTLS:         {Text: "Bytes that belong to TLS. Without keys only their size and time can be seen.", Ref: spec.RFC(6120, "5.4.3")},
	decode.KindHTTP:        {Text: "An HTTP request or answer that carries XMPP, or prepares for it.", Ref: spec.XEP(124, "")},
	decode.KindDNS:         {Text: "A question to DNS, or its answer: which machine serves the domain.", Ref: spec.RFC(6120, "3.2.1")},
	decode.KindTCP:         {Text: "The TCP connection is set up, ended or cut.", Ref: spec.RFC(9293, "3.5")},
	decode.KindGap:         {Text: "Bytes that were sent but that the recording lacks.", Ref: spec.RFC(9293, "3.4")},
	decode.KindHeld:        {Text: "Bytes that came after a switch to TLS or compression was asked for and before the answer. Nobody can know to which layer they belong.", Ref: spec.RFC(6120, "5.4.3.1")},
	decode.KindBroken:      {Text: "Bytes that are no well-formed part of a stream. What is wrong, and at which byte, is told with it.", Ref: spec.RFC(6120, "11.3")},
	decode.KindNote:        {Text: "A remark of this program, for example that the recording begins in mid-stream. No bytes belong to it.", Ref: spec.RFC(6120, "4")},
}

// variableRefs says where to read about a state variable. Its text is that of
// decode.Vars.
var variableRefs = map[string]spec.Ref{
	"profile": spec.RFC(6120, "4.8.2"), "phase": spec.RFC(6120, "4.3"), "layer": spec.RFC(6120, "13.3"),
	"domain": spec.RFC(6120, "4.7.2"), "claimed": spec.RFC(6120, "4.7.1"), "content": spec.RFC(6120, "4.8.2"),
	"stream_id": spec.RFC(6120, "4.7.3"), "version": spec.RFC(6120, "4.7.5"), "lang": spec.RFC(6120, "4.7.4"),
	"initiator_stream": spec.RFC(6120, "4.2"), "receiver_stream": spec.RFC(6120, "4.2"),
	"features": spec.RFC(6120, "4.3.2"), "mechanisms": spec.RFC(6120, "6.4.1"), "mechanism": spec.RFC(6120, "6.4.2"),
	"failures": spec.RFC(6120, "6.4.5"), "authenticated": spec.RFC(6120, "6.4.6"), "identity": spec.RFC(6120, "6.3.8"),
	"jid": spec.RFC(6120, "7.6"), "session": spec.RFC(3921, "3"), "sm": spec.XEP(198, "4"),
	"resume_id": spec.XEP(198, "5"), "resumed": spec.XEP(198, "5"), "roster": spec.RFC(6121, "2.2"),
	"available": spec.RFC(6121, "4.2"), "inactive": spec.XEP(352, "4"), "carbons": spec.XEP(280, "4"),
	"error": spec.RFC(6120, "4.9"), "tls_version": spec.RFC(8446, "4.2.1"), "cipher": spec.RFC(8446, "App. B.4"),
	"sni": spec.RFC(6066, "3"), "alpn": spec.RFC(7301, "3"), "tls_resumed": spec.RFC(8446, "2.2"), "tls_keys": spec.RFC(9850, "2"),
	"inline": spec.XEP(388, "2.3"), "user_agent": spec.XEP(388, "2.3"), "tasks": spec.XEP(388, "2.6.3"), "token": spec.XEP(484, "3"),
	"domains": spec.XEP(220, "2.1"), "bidi": spec.XEP(288, "2"), "registered": spec.XEP(77, "3.1"), "account_removed": spec.XEP(77, "3.2"),
	"resume_max": spec.XEP(198, "5"), "resume_at": spec.XEP(198, "5"), "resume_failed": spec.XEP(198, "5"),
	"roster_version": spec.RFC(6121, "2.6"), "redirect": spec.RFC(6120, "4.9.3.19"),
	"certificate": spec.RFC(6120, "13.7"), "client_certificate": spec.XEP(178, "2"),
}
