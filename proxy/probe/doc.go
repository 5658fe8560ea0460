// Package probe asks a server what it offers, and never logs in: where DNS and
// the web say it is, what each address answers, what it offers before and after
// TLS, which versions of TLS it takes, and what its certificate is worth.
//
// Everything that passes is decoded as in a capture, from the bytes of the
// network on, so that the caller can judge it with the same rules.
//
// A [Stream] is one such connection; a console can go on with it.
//
// It knows the way to a stream and the facts that are met on it. It must not
// know what they mean, how they are shown, or flags.
package probe
