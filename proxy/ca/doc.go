// Package ca makes the certificates that the proxy shows to those who connect
// to it: a certificate authority of the user's own, made on first use, and a
// certificate signed by it for each domain that is asked for.
//
// It knows names and keys. It must not know streams, sockets or who asks, nor
// where folders of a user are: the caller names the folder. The key of the
// authority is written to that folder and nowhere else.
package ca
