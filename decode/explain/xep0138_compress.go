package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var compressTopic = Topic{
	Name: "xep0138-compress",
	Doc:  "Compression of the whole stream, which is obsolete.",
	Ref:  spec.XEP(138, "2"),
	Steps: []Step{
		{Step: decode.StepCompress, Ref: spec.XEP(138, "2"),
			Text:   "The client asks to compress the stream, and the server agrees or refuses.",
			Why:    "It was made to save bytes on slow lines. It is obsolete: when secrets and text of a stranger are compressed together, the length of the result gives away the secrets.",
			Expect: "The server answers <compressed/>, and then both sides go on compressed with new streams; or <failure/>, and the stream goes on as it was."},
	},
	Title: func(e *decode.Event) string {
		switch e.Name.Local {
		case "compress":
			return "asks for compression"
		case "compressed":
			return "agrees to compression: it starts now"
		}
		return refusesTitle(e, "compression")
	},
	Explain: func(x *Explanation, e *decode.Event, n *xmlstream.Node) {
		switch e.Name.Local {
		case "compress":
			method := child(n, nsCompress, "method")
			x.What = sender(e) + " asks to compress the stream with " + value(text(method)) + "."
			x.noteText(method, "The compression method. Only zlib is in use.")
		case "compressed":
			x.What = sender(e) + " agrees. From the next byte on both directions are compressed, and both streams begin anew."
			x.noteWhole(n, "The last characters that are not compressed.")
			x.Expect = "The client opens a new stream inside the compression."
		default:
			x.What = say(sender(e)+" refuses to compress.", compressFailure(first(n)))
			x.Expect = "The stream goes on without compression."
			x.noteWhole(first(n), compressFailure(first(n)))
		}
	},
}

// compressFailure explains the conditions of XEP-0138 §2.
func compressFailure(c *xmlstream.Node) string {
	if c == nil {
		return ""
	}
	switch c.Name.Local {
	case "unsupported-method":
		return "It does not have this method."
	case "setup-failed":
		return "It has the method but could not set it up."
	case "processing-failed":
		return "The compressed data could not be read."
	}
	return "The reason given is " + value(c.Name.Local) + "."
}
