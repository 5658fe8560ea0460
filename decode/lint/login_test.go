package lint

import (
	"encoding/base64"
	"math/rand/v2"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/transcript"
)

func encode(s string) []byte { return []byte(base64.StdEncoding.EncodeToString([]byte(s))) }

// Whatever becomes of what the transcripts say, the rules take it: no panic, no
// finding without a place, a level and words.
func TestAnyBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, x := range examples(t) {
		for range 3 {
			text := []byte(x.script)
			for range 1 + r.IntN(8) {
				if at := r.IntN(len(text)); text[at] != '\n' && text[at] != '\\' {
					text[at] = byte(' ' + r.IntN(95))
				}
			}
			s, err := transcript.Parse(string(text))
			if err != nil {
				continue // the line itself was hit
			}
			p, err := s.Play(decode.Options{})
			if err != nil {
				continue
			}
			g := New(Options{})
			seen := func(all []Finding) {
				for _, f := range all {
					if f.Rule == "" || f.Level == LevelNone || f.Who == WhoSender || f.Text == "" || f.Conn == 0 || f.Seq == 0 {
						t.Fatalf("%s/%s: an unfinished finding %+v\n%s", x.file, x.title, f, text)
					}
				}
			}
			for i := range p.Events {
				seen(g.Event(&p.Events[i]))
			}
			for i := range p.Conversations {
				seen(g.End(&p.Conversations[i]))
			}
		}
	}
}
