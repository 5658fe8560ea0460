package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var filesPart = Part{
	Name:   "xep0447-file-sharing",
	Doc:    "File sharing: what a file is, and where it can be fetched.",
	Ref:    spec.XEP(447, ""),
	Spaces: []string{"urn:xmpp:sfs:0", "urn:xmpp:sims:1"},
	Why:    "With the size, the type and a hash at hand, a program can show what is coming and check what has come.",
	Inside: func(_ *telling, c *xmlstream.Node) string {
		var name, size, kind, url string
		for k := range c.All() {
			if k.Kind != xmlstream.ElementNode {
				continue
			}
			switch k.Name.Local {
			case "name":
				name = text(k)
			case "size":
				size = text(k)
			case "media-type":
				kind = text(k)
			case "url-data":
				url = attr(k, "target")
			case "reference":
				url = pick(url == "", attr(k, "uri"), url)
			}
		}
		return "It shares a file" + when(name != "", " called "+value(name)) + when(kind != "", " of the type "+value(kind)) +
			when(size != "", ", "+value(size)+" bytes long") + when(url != "", ", to be fetched from "+value(url)) + "."
	},
}
