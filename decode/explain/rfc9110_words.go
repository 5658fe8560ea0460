package explain

import "strings"

// headerText says what a field of an HTTP head is for, as far as XMPP meets it;
// empty for others.
func headerText(name string) string { return headerTexts[strings.ToLower(name)] }

var headerTexts = map[string]string{
	"host":                        "the machine that is wanted, for one web server may be many",
	"upgrade":                     "what the connection is to turn into",
	"connection":                  "what holds for this connection alone: Upgrade, keep-alive or close",
	"sec-websocket-key":           "a random number; the answer proves that the server has read it (RFC 6455 §1.3)",
	"sec-websocket-accept":        "made of the key that the client sent: an answer from a cache could not have it",
	"sec-websocket-protocol":      "the subprotocol; both sides must name xmpp (RFC 7395 §3.1)",
	"sec-websocket-version":       "the version of WebSocket, 13 since 2011",
	"sec-websocket-extensions":    "what is added to WebSocket; permessage-deflate compresses messages (RFC 7692)",
	"origin":                      "the web page whose script asks; a browser adds it, and a server may refuse strangers",
	"content-type":                "what the body is",
	"content-length":              "how many bytes the body has",
	"content-encoding":            "the body is compressed",
	"transfer-encoding":           "the body comes in pieces, each with its length",
	"user-agent":                  "the program that asks",
	"server":                      "the program that answers",
	"date":                        "when the answer was made",
	"cookie":                      "a mark that the server gave earlier; who has it may pass for this client",
	"authorization":               "a proof of who asks: a secret",
	"location":                    "where the client should go instead",
	"access-control-allow-origin": "the web pages whose scripts may read the answer",
	"cache-control":               "how long the answer may be kept",
	"x-forwarded-for":             "who asked, according to a proxy in between",
}

// statusText says what an HTTP status means here (RFC 9110 §15).
func statusText(status string) string {
	if t := statusTexts[status]; t != "" {
		return t
	}
	switch {
	case len(status) != 3:
	case status[0] == '1':
		return "The request is being worked on."
	case status[0] == '2':
		return "It went well."
	case status[0] == '3':
		return "The answer is to be found at another place."
	case status[0] == '4':
		return "The server finds a fault in the request."
	case status[0] == '5':
		return "The server has a problem of its own."
	}
	return ""
}

var statusTexts = map[string]string{
	"101": "The server goes over to the other protocol.",
	"200": "It went well.",
	"204": "It went well, and there is nothing more to say.",
	"400": "The server cannot make sense of the request.",
	"401": "The server wants to know who asks.",
	"403": "The server will not do this.",
	"404": "There is nothing at this place.",
	"405": "This way of asking is not possible at this place.",
	"413": "The request is too large.",
	"426": "The server wants another protocol first.",
	"429": "The client asks too often.",
	"502": "The server stands before another one, which gave no useful answer.",
	"503": "The service is not available for the moment.",
	"504": "The server stands before another one, which did not answer in time.",
}

// boshStatus says what a status means in a session of BOSH, where old clients
// get it in place of a condition (XEP-0124 §17.1).
func boshStatus(status string) string {
	switch status {
	case "400":
		return "Here it stands for the condition bad-request: the body is malformed."
	case "403":
		return "Here it stands for the condition policy-violation: a rule was broken."
	case "404":
		return "Here it stands for the condition item-not-found: the session is not known, or a request is missing."
	}
	return ""
}

// closeText says why a WebSocket is closed, by its code (RFC 6455 §7.4.1).
func closeText(code string) string { return closeTexts[code] }

var closeTexts = map[string]string{
	"1000": "It has done what it was made for.",
	"1001": "The page is left, or the server goes down.",
	"1002": "The other side broke the rules of WebSocket.",
	"1003": "A kind of data came that this side does not take.",
	"1007": "A text message was not valid UTF-8.",
	"1008": "A rule of this side was broken.",
	"1009": "A message was too large.",
	"1010": "The server lacks an extension that the client needs.",
	"1011": "The server has a problem of its own.",
	"1012": "The server is starting again.",
	"1013": "The server is too busy; try later.",
	"1014": "The server stands before another one, which gave no useful answer.",
}
