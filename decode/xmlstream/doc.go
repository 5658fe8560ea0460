// Package xmlstream knows the XML of XMPP and nothing else: where one unit of
// a stream ends and the next begins (Framer), and what one whole unit says
// (Tree). It keeps every byte and every offset, because what a person debugs
// is the wire and not a parser's idea of it.
//
// It must not know what a stanza means, which entity sent it, what time it is,
// or where the bytes came from.
package xmlstream
