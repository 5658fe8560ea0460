package explain

import "slices"

// topics is the table of all topics, in the order of a conversation: one line
// each.
var topics = []*Topic{
	&dnsTopic,
	&hostMetaTopic,
	&connectTopic,
	&streamTopic,
	&featuresTopic,
	&starttlsTopic,
	&tlsTopic,
	&websocketTopic,
	&boshTopic,
	&httpTopic,
	&registerTopic,
	&saslTopic,
	&externalTopic,
	&sasl2Topic,
	&bind2Topic,
	&fastTopic,
	&upgradeTopic,
	&iapTopic,
	&iqAuthTopic,
	&dialbackTopic,
	&bidiTopic,
	&componentTopic,
	&compressTopic,
	&bindTopic,
	&sessionTopic,
	&smTopic,
	&rosterTopic,
	&carbonsTopic,
	&csiTopic,
	&messageTopic,
	&presenceTopic,
	&iqTopic,
	&keepaliveTopic,
	&closeTopic,
	&errorsTopic,
	&redirectTopic,
	&gapTopic,
	&heldTopic,
	&brokenTopic,
	&noteTopic,
	&otherTopic,
}

// Topics lists all topics in the order of a conversation. The slice is a copy.
func Topics() []*Topic { return slices.Clone(topics) }
