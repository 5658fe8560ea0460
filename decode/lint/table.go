package lint

// groups is the table of all rules, in the order of PROTOCOL part 2: one line a
// group.
var groups = []*Group{
	&xmlGroup,
	&declarationGroup,
	&textGroup,
	&openingGroup,
	&namespaceGroup,
	&headerGroup,
	&streamIDGroup,
	&prefixGroup,
	&topLevelGroup,
	&featuresGroup,
	&askedGroup,
	&restartGroup,
	&earlyGroup,
	&bindingGroup,
	&resourceGroup,
	&reconnectGroup,
	&starttlsGroup,
	&tlsGroup,
	&tlsNamesGroup,
	&certGroup,
	&tlsEndGroup,
	&saslChoiceGroup,
	&saslTurnsGroup,
	&saslNamesGroup,
	&saslPlainGroup,
	&scramGroup,
	&digestGroup,
	&loginGroup,
}
