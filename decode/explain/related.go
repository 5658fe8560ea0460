package explain

import "xmppscope/decode"

// relatedWords says what an event of another conversation has to do with e.
func relatedWords(e *decode.Event) string {
	if e.Related == 0 {
		return ""
	}
	there := "event " + digits(int(e.Related)) + ", on another connection."
	switch e.Step {
	case decode.StepS2SDialback2:
		return "The key was shown in " + there
	case decode.StepS2SDialback3:
		return "It is about the key that was shown in " + there
	case decode.StepS2SDialback4:
		return "The key was checked in " + there
	case decode.StepSMResume, decode.StepSASL2Success:
		return "The session was begun in " + there
	case decode.StepStreamOpenInitial, decode.StepWSOpen, decode.StepBOSHCreate:
		return "It follows the redirection of " + there
	}
	return "It belongs to " + there
}
