// Package synth makes captures: small ones from a transcript, to test how broken
// or awkward packets are read, and big ones for benchmarks, whose content follows
// from a seed alone and is counted while it is written. It knows packets and
// enough XMPP to be believable; it must not know the packages that read them,
// since it is their witness.
package synth
