package why

import "strings"

// groups is the table of all questions, in the order of a conversation: one
// line a group.
var groups = [...][]Question{
	encryptionQuestions,
	certificateQuestions,
	mechanismQuestions,
	loginQuestions,
	channelQuestions,
	sasl2Questions,
	compressQuestions,
	bindQuestions,
	managementQuestions,
	resumeQuestions,
	rosterQuestions,
	archiveQuestions,
	clientQuestions,
	iqQuestions,
	presenceQuestions,
	messageQuestions,
	mucQuestions,
	serverQuestions,
	webQuestions,
	closeQuestions,
}

// Questions lists all questions in the order of a conversation. The slice is a
// copy.
func Questions() []Question {
	var all []Question
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// Lookup finds a question by one of its names, in any letter case; nil where
// there is none.
func Lookup(name string) *Question {
	name = strings.ToLower(strings.TrimSpace(name))
	for _, g := range groups {
		for i := range g {
			if q := &g[i]; q.Name == name || contains(q.Also, name) {
				return q
			}
		}
	}
	return nil
}

func contains(all []string, s string) bool {
	for i := range all {
		if all[i] == s {
			return true
		}
	}
	return false
}
