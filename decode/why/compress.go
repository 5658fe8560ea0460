package why

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

var compressQuestions = []Question{
	{Name: "compression", Also: []string{"compress", "zlib"}, Ask: "Is the stream compressed?",
		Doc: "why the stream is not compressed", answer: answerCompress},
}

func answerCompress(v *view) {
	t := v.t
	offered := t.offer(nsCompressF, "compression")
	asked := t.path.find(func(m *moment) bool { return m.is(nsCompress, "compress") })
	if offered != nil {
		v.fact(spec.XEP(138, "2"), v.Who(offered.dir)+" offers compression with "+list(offered.after.Feature(nsCompressF, "compression").Values)+".", offered.seq)
	}
	if asked != nil {
		v.fact(spec.XEP(138, "2"), v.Who(asked.dir)+" asks for it.", asked.seq)
		yes := t.path.find(func(m *moment) bool { return m.is(nsCompress, "compressed") })
		no := t.path.find(func(m *moment) bool { return m.is(nsCompress, "failure") })
		switch {
		case yes != nil:
			v.fact(spec.XEP(138, "2"), v.Who(yes.dir)+" agrees: what follows is compressed.", yes.seq)
			v.happened("The stream is compressed.")
		case no != nil:
			v.fact(spec.XEP(138, "2"), v.Who(no.dir)+" refuses with "+value(no.cond)+".", no.seq)
			v.didNot("Compression was asked for and refused: %s.", value(no.cond))
		default:
			v.pending(asked, "the request for compression")
		}
		return
	}
	if !v.started() {
		return
	}
	if v.blind(0) {
		return
	}
	v.fact(spec.XEP(138, "7"), "Nothing is lost by that: together with secrets compression can give them away, and it is advised against today.")
	if offered != nil {
		v.didNot("Compression is offered, but %s does not ask for it.", v.who(decode.FromInitiator))
		return
	}
	v.didNot("The server does not offer compression.")
}
