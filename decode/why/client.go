package why

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

var clientQuestions = []Question{
	{Name: "csi", Also: []string{"inactive"}, Ask: "Did the client say whether it is in use (CSI)?",
		Doc: "why the server does not hold traffic back for a sleeping client", answer: answerCSI},
}

func answerCSI(v *view) {
	t := v.t
	ref := spec.XEP(352, "4")
	offered := t.offer(nsCSI, "csi")
	if offered != nil {
		v.fact(spec.XEP(352, "4.1"), v.Who(offered.dir)+" offers client state indication.", offered.seq)
	}
	used := t.path.every(func(m *moment) bool { return m.name.Space == nsCSI })
	if len(used) == 0 && t.now != nil && t.now.Inactive {
		v.happened("The client said together with its login that it is not in use.")
		return
	}
	if len(used) > 0 {
		for i, m := range used {
			if i == 4 {
				break
			}
			v.fact(ref, v.Who(m.dir)+" says that it is "+m.name.Local+". There is no answer to that.", m.seq)
		}
		v.happened("%s said last that it is %s.", v.Who(decode.FromInitiator), used[len(used)-1].name.Local)
		if offered == nil && len(t.features()) > 0 {
			v.fact(spec.XEP(352, "4.1"), "The server has not offered it, and may take no notice.", t.features()[len(t.features())-1].seq)
		}
		return
	}
	if !v.clientFirst("It is said after an address is bound.", ref) {
		return
	}
	v.feature(offered, "client state indication", "never says whether it is in use", spec.XEP(352, "4.1"))
}
