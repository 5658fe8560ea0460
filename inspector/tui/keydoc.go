package tui

// KeyDoc is one line of the key sheet, for documents made from the table.
type KeyDoc struct {
	// Group is the heading, Keys are as they are written on the screen, Help
	// says what they do.
	Group string
	Keys  []string
	Help  string
}

// Keys lists the table of keys in the order of the key sheet.
func Keys() []KeyDoc {
	var all []KeyDoc
	for _, g := range groups() {
		for _, a := range actions() {
			if a.group == g && len(a.keys) > 0 {
				all = append(all, KeyDoc{Group: a.group, Keys: a.keys, Help: a.help})
			}
		}
	}
	return all
}
