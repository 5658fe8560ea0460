package explain

import "xmppscope/decode/spec"

// streamCondition finds a stream error condition. A name that is not defined
// counts as undefined-condition (RFC 6120 §4.9.3).
func streamCondition(name string) Entry {
	if c := entryNamed(streamConditions, name); c.Name != "" {
		return c
	}
	return Entry{Name: name, Sort: SortStream, Ref: spec.RFC(6120, "4.9.3"),
		Text: "This name is not among the defined ones, so it counts as undefined-condition."}
}

func streamErr(section, name, text, expect string) Entry {
	return Entry{Name: name, Sort: SortStream, Text: text, Expect: expect, Ref: spec.RFC(6120, "4.9.3"+section)}
}

// streamConditions: RFC 6120 §4.9.3 in its order, then historic names. A
// stream error always ends the stream; Expect says what to do about it.
var streamConditions = []Entry{
	streamErr(".1", "bad-format", "The XML that came cannot be made sense of.", "Look for the first broken byte before this. A more exact condition would have said which rule was broken."),
	streamErr(".2", "bad-namespace-prefix", "An element has a prefix that is not accepted, or lacks one that is needed.", "Write the stream's own tags with the prefix stream: and stanzas with none."),
	streamErr(".3", "conflict", "Another stream took the place of this one, or this one clashes with a stream that exists already. Most often two programs log in with the same resource.", "Connect again with another resource. Two programs that both insist will throw each other out for ever."),
	streamErr(".4", "connection-timeout", "The other side did not answer for too long and is taken for gone.", "Connect again. With stream management the session can be resumed and nothing is lost."),
	streamErr(".5", "host-gone", "The domain was served here once, but no longer is.", "Look up the domain anew before connecting again."),
	streamErr(".6", "host-unknown", "The domain in the to attribute of the stream header is not served here.", "Check the spelling of the domain, and that the name resolves to this server."),
	streamErr(".7", "improper-addressing", "A stanza between servers lacks its to or from address, or has an empty or impossible one.", "Between servers both addresses are compulsory. Correct the side that sent the stanza."),
	streamErr(".8", "internal-server-error", "Something inside the server went wrong, or it is badly set up.", "Read the server's log; then connect again after a pause."),
	streamErr(".9", "invalid-from", "An address in from is not one that this connection has proven.", "Use only the address that was bound, or the domain that was verified."),
	streamErr(".10", "invalid-namespace", "The stream is in a wrong namespace, or its content namespace is not supported.", "Compare the two namespaces of the header letter by letter. They are names, not links: https instead of http makes another name."),
	streamErr(".11", "invalid-xml", "The XML is well-formed but does not follow its schema, and this server checks that.", "Compare the last element with its specification."),
	streamErr(".12", "not-authorized", "Something was sent that only those who are logged in may send, or it is not permitted now.", "Log in before sending stanzas. For a component or a domain, check the shared secret or key."),
	streamErr(".13", "not-well-formed", "The bytes are not well-formed XML, or break the rules of namespaces.", "Look at the last bytes the other way: an unclosed tag, a bare & or < or an undeclared prefix is the usual cause."),
	streamErr(".14", "policy-violation", "A rule of this server was broken: too much, too large, too often, or too many failed logins.", "The text, if there is one, says which rule. Slow down or correct it before connecting again."),
	streamErr(".15", "remote-connection-failed", "The server needs another system to check the login or domain, and cannot reach it.", "Try again later; the fault is behind the server."),
	streamErr(".16", "reset", "The stream has to be closed and negotiated anew, for example because a certificate or key has run out.", "Connect again at once."),
	streamErr(".17", "resource-constraint", "The server has not got the resources to serve this stream.", "Try again later, after a random pause."),
	streamErr(".18", "restricted-xml", "XML was sent that XMPP forbids: a comment, a processing instruction, a document type or a foreign entity.", "Send none of them. Only the five entities of XML itself, such as &amp;, are allowed."),
	streamErr(".19", "see-other-host", "The service wants this side to connect to another host, which it names.", "Connect there, with the same domain in to and the same name expected in the certificate. Stop after a few such moves."),
	streamErr(".20", "system-shutdown", "The server is being shut down or started again.", "Connect again after a random pause, so that not everybody comes back in the same second."),
	streamErr(".21", "undefined-condition", "None of the defined conditions fits. A further child element of the error says more.", "Read that child element: its namespace tells where to look it up."),
	streamErr(".22", "unsupported-encoding", "The stream is not in UTF-8, the only encoding of XMPP.", "Send UTF-8 without a byte order mark."),
	streamErr(".23", "unsupported-feature", "The receiving side demands a feature that the initiating side does not have.", "Nothing can be done on this stream. The feature list before shows which one is compulsory."),
	streamErr(".24", "unsupported-stanza-type", "An element came directly inside the stream that is not known there.", "Only message, presence, iq and the elements that were negotiated may stand there."),
	streamErr(".25", "unsupported-version", "The version in the stream header is not supported.", "Give version 1.0."),
	streamErr("", "xml-not-well-formed", "The older name of not-well-formed, from before 2011.", "Read it as not-well-formed."),
	streamErr("", "invalid-id", "A condition of RFC 3920 that no longer exists: the id of the stream or of a dialback was wrong.", "Expect it only from old servers."),
}
