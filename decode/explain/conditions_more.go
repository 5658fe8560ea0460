package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

const (
	nsUpload       = "urn:xmpp:http:upload:0"
	nsPubSubErrors = "http://jabber.org/protocol/pubsub#errors"
)

// furtherCondition is an element with its namespace.
type furtherCondition struct {
	space string
	Entry
}

// furtherConditions stand beside a defined condition, or in a failure of an
// extension, and say more exactly what is wrong.
var furtherConditions = []furtherCondition{
	{"urn:xmpp:errors", Entry{Name: "stanza-too-big", Ref: spec.RFC(6120, "4.9.3.14"), Text: "The stanza was larger than the server allows. It stands beside policy-violation.", Expect: "Send large data by other means. The limit may stand in the stream features."}},
	{"urn:xmpp:errors", Entry{Name: "too-many-stanzas", Ref: spec.RFC(6120, "4.9.3.14"), Text: "More stanzas came than the server allows in the time. It stands beside policy-violation.", Expect: "Slow down."}},
	{nsSM, Entry{Name: "handled-count-too-high", Ref: spec.XEP(198, "6"), Text: "The other side has confirmed more stanzas than were sent to it. It stands beside undefined-condition.", Expect: "One side has counted wrongly: compare the counts of both."}},
	{nsIAP, Entry{Name: "config-version-mismatch", Ref: spec.XEP(509, "2.2"), Text: "The features that the client remembered are no longer those of the server. It stands beside aborted.", Expect: "Log in again, with the features that the server sends now."}},
	{nsCompress, Entry{Name: "unsupported-method", Ref: spec.XEP(138, "2"), Text: "The server does not know this method of compression.", Expect: "Go on without compression; the stream stays open."}},
	{nsCompress, Entry{Name: "setup-failed", Ref: spec.XEP(138, "2"), Text: "The method of compression is known but could not be set up.", Expect: "Go on without compression; the stream stays open."}},
	{nsCompress, Entry{Name: "processing-failed", Ref: spec.XEP(138, "2"), Text: "What came could not be uncompressed. It stands beside undefined-condition and ends the stream.", Expect: "Connect again without compression."}},
	{"urn:xmpp:blocking:errors", Entry{Name: "blocked", Ref: spec.XEP(191, "3"), Text: "The user has blocked the address that this stanza is for. It stands beside not-acceptable.", Expect: "Take the address off the block list first."}},
	{nsUpload, Entry{Name: "file-too-large", Ref: spec.XEP(363, "5"), Text: "The file is larger than may be uploaded. It stands beside not-acceptable.", Expect: "The element names the largest size."}},
	{nsUpload, Entry{Name: "retry", Ref: spec.XEP(363, "5"), Text: "No upload is possible at the moment. It stands beside resource-constraint.", Expect: "The element names the time from which on it may work."}},
	{nsPubSubErrors, Entry{Name: "closed-node", Ref: spec.XEP(60, "6.1.3"), Text: "Nobody may subscribe to the node or read it, except those on a list.", Expect: "Ask the node's owner to be put on the list."}},
	{nsPubSubErrors, Entry{Name: "precondition-not-met", Ref: spec.XEP(60, "7.1.5"), Text: "The node has other settings than those that the publisher takes for granted. It stands beside conflict.", Expect: "Change the settings of the node, then publish again."}},
	{nsPubSubErrors, Entry{Name: "presence-subscription-required", Ref: spec.XEP(60, "6.1.3"), Text: "Only those who may see the owner's presence may use the node.", Expect: "Ask the owner for a subscription first."}},
	{nsPubSubErrors, Entry{Name: "not-in-roster-group", Ref: spec.XEP(60, "6.1.3"), Text: "Only contacts in certain groups of the owner's roster may use the node.", Expect: "The owner can sort the user into such a group."}},
	{nsPubSubErrors, Entry{Name: "unsupported", Ref: spec.XEP(60, "6.1.3"), Text: "The service lacks the feature of publishing that its attribute names. It stands beside feature-not-implemented.", Expect: "Do without it."}},
	{nsPubSubErrors, Entry{Name: "item-forbidden", Ref: spec.XEP(60, "7.1.3"), Text: "The node holds no content, and an item with content was published.", Expect: "Publish without an item."}},
	{nsPubSubErrors, Entry{Name: "payload-too-big", Ref: spec.XEP(60, "7.1.3"), Text: "What was published is larger than the node takes. It stands beside not-acceptable.", Expect: "Publish less at once."}},
}

// historicConditions are names that no document defines any more and that old
// programs still send.
var historicConditions = []Entry{
	{Name: "bad-protocol", Sort: SortSASL, Ref: spec.RFC(6120, "6.5"), Text: "A name of some servers that never was defined: the login messages came in the wrong order. It counts as not-authorized.", Expect: retry, Why: historic},
	{Name: "bad-auth", Sort: SortSASL, Ref: spec.RFC(6120, "6.5"), Text: "A name of some servers that never was defined: the data of the login is wrong. It counts as not-authorized.", Expect: retry, Why: historic},
}

const historic = "Only old or careless programs send it."

// oldCodes are the numbers of errors from before 2004, which some programs
// still send beside the condition (XEP-0086 §3).
var oldCodes = []struct{ code, conditions, text string }{
	{"302", "gone or redirect", "It is somewhere else now."},
	{"400", "bad-request, jid-malformed or unexpected-request", "The request is wrong."},
	{"401", "not-authorized", "Log in first."},
	{"402", "payment-required", "Payment is due."},
	{"403", "forbidden", "The sender lacks the right."},
	{"404", "item-not-found, recipient-unavailable or remote-server-not-found", "It was not found."},
	{"405", "not-allowed", "Nobody may do this."},
	{"406", "not-acceptable", "The request does not meet the demands."},
	{"407", "registration-required or subscription-required", "Register first."},
	{"408", "remote-server-timeout", "It took too long."},
	{"409", "conflict", "The name is taken."},
	{"500", "internal-server-error, resource-constraint or undefined-condition", "The server has a fault or too much to do."},
	{"501", "feature-not-implemented", "The feature is not there."},
	{"502", "service-unavailable", "Another server failed."},
	{"503", "service-unavailable", "The service is not there."},
	{"504", "remote-server-timeout", "The other server did not answer in time."},
	{"510", "service-unavailable", "The connection was lost."},
}

// moreConditionEntries are the conditions outside the core's own lists.
func moreConditionEntries() []Entry {
	var all []Entry
	for _, c := range furtherConditions {
		e := c.Entry
		e.Sort, e.Why = SortFurther, "It says more exactly what the condition beside it means here. Its namespace is "+c.space+"."
		all = append(all, e)
	}
	all = append(append(append(append(append(all, historicConditions...), dialbackErrors...), dialbackTypes...), roomErrors...), roomCodes...)
	for _, c := range oldCodes {
		all = append(all, Entry{Name: c.code, Sort: SortOldCode, Text: c.text + " It stands for " + c.conditions + ".",
			Why: "Numbers are from before 2004; the condition counts.", Ref: spec.XEP(86, "3")})
	}
	return all
}

// furtherText explains an element of an application that stands in an error
// (RFC 6120 §4.9.4, §8.3.4).
func furtherText(c *xmlstream.Node) string {
	text := "More detail, for programs that know this namespace: " + spaceText(c.Name.Space)
	for i := range furtherConditions {
		if f := &furtherConditions[i]; f.Name == c.Name.Local && f.space == c.Name.Space {
			return say("More detail.", f.Text, f.Expect)
		}
	}
	return text
}
