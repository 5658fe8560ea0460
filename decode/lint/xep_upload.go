package lint

import (
	"fmt"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// uploadGroup is where files are put (XEP-0363).
var uploadGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkUpload,
	Rules: []Rule{
		{Name: "upload-not-https", Level: LevelError, Ref: spec.XEP(363, "4"),
			Doc:    "Files are uploaded and fetched inside TLS.",
			Advice: "give out https addresses only; a client uploads nothing without"},
	},
}

func checkUpload(p *Pass) {
	e := p.Event
	if e.Type != "result" || e.Payload.Space != nsUpload || e.Payload.Local != "slot" {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	slot := n.Child(nsUpload, "slot")
	for c := range slot.Children() {
		url, ok := c.Attr("url")
		if !ok || c.Name.Space != nsUpload {
			continue
		}
		if scheme, _, _ := strings.Cut(url, ":"); !strings.EqualFold(strings.TrimSpace(scheme), "https") {
			p.ReportAt("upload-not-https", valueSpan(c, "", "url"), fmt.Sprintf("the address to %s begins with %s:", short(c.Name.Local), short(scheme)))
			return
		}
	}
}
