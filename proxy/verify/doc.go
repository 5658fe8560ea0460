// Package verify judges the certificate of the other side of a stream: whether
// it is made out to the domain that the stream is for (RFC 6120 §13.7.2,
// RFC 6125 §6), and whether somebody who is trusted has signed it (RFC 5280
// §6). It answers with a value that tells everything that was found, in words.
//
// It knows certificates and domains. It must not know streams, sockets or what
// is done about the answer.
package verify
