// Package transcript reads conversations as people write them down, and plays
// them into a decode.Conn: the lines of tests and of lessons.
//
//	# a comment
//	C: <presence/>          what the initiating entity sends
//	S: <message/>           what the receiving entity sends
//	C hex 160301            the same in hexadecimal
//	C ws: <presence/>       the same as the text of a WebSocket message
//	C bosh: <body/>         the same as the body of an HTTP request, S bosh: of an answer
//	C gap 12                bytes that the capture lost
//	C end                   the end of TCP, or: C reset
//	connect                 TCP is set up
//	midstream               the beginning of this connection was not captured
//	tls version=1.3 …       TLS is set up; what follows is inside it
//	keys LABEL RANDOM …     a line of a key log
//	dns HEX                 a DNS message, looked up by this connection
//	wait 31s                time passes
//	conn 2 [FROM TO]        what follows is on another connection
//	password JID=PASSWORD   a secret that the reader knows
//	! anything              a remark about the line before
//
// In the lines of text \n, \r, \t, \\, \xNN and \uNNNN are escapes. The settings
// of tls are version, cipher, sni, alpn, resumed, keys, server and client (names
// in certificates, with commas between them).
//
// The frames of an event are the numbers of the lines that brought its bytes.
//
// It must not know what the events mean.
package transcript
