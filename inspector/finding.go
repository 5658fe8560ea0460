package inspector

import (
	"xmppscope/decode/lint"
)

// Level, Who and Finding are those of the rules.
type (
	Level   = lint.Level
	Who     = lint.Who
	Finding = lint.Finding
)

const (
	LevelNone    = lint.LevelNone
	LevelNote    = lint.LevelNote
	LevelWarning = lint.LevelWarning
	LevelError   = lint.LevelError
	WhoInitiator = lint.WhoInitiator
	WhoReceiver  = lint.WhoReceiver
	WhoPath      = lint.WhoPath
)

// Levels lists the levels from the least to the most grave.
func Levels() []Level { return lint.Levels() }
