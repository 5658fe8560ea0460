package main

import (
	"path/filepath"
	"strings"
)

// trusting is how one program is made to trust an authority. In the text, {ca}
// stands for the path of the certificate and {dir} for its folder, both quoted
// for a shell; {DIR} is the folder as it is, {py} the path as a string of Python.
type trusting struct{ who, how string }

// trust is a table: a program is one entry.
var trust = [...]trusting{
	{"Go and OpenSSL programs on Unix (go-sendxmpp, mellium, slixmpp and others of Python), for one run",
		"SSL_CERT_FILE={ca} PROGRAM"},
	{"slixmpp",
		"client.ca_certs = {py}    # before client.connect()"},
	{"profanity",
		"mkdir -p {dir}/trusted && cp {ca} {dir}/trusted/ && openssl rehash {dir}/trusted\n" +
			"in profanity:  /tls certpath set {DIR}/trusted\n" +
			"back again:    /tls certpath default"},
	{"Dino, Gajim and others that ask the system",
		"Debian, Ubuntu:  sudo cp {ca} /usr/local/share/ca-certificates/xmppscope.crt && sudo update-ca-certificates\n" +
			"back again:      sudo rm /usr/local/share/ca-certificates/xmppscope.crt && sudo update-ca-certificates --fresh\n" +
			"Fedora, Arch:    sudo trust anchor {ca}\n" +
			"back again:      sudo trust anchor --remove {ca}\n" +
			"Then start the client again. Both use GLib, which does not look at SSL_CERT_FILE (tried with the GLib of Debian 12, of Gajim 1.7.3 and Dino 0.4.2). A client from Flatpak may have a store of its own."},
	{"Gajim, for one server",
		"It asks when it meets a certificate of an authority that it does not know: add that certificate to its store, and connect. It keeps the certificate of the server, not that of the authority (Gajim 1.7), and the next start of the proxy has another one."},
	{"Conversations",
		"Not tried here. As any app of Android: copy {ca} to the phone and install it as a CA certificate in the settings of Android, under Security. Where it asks about a certificate all the same, that of the proxy is a new one at each start."},
	{"openssl s_client",
		"openssl s_client -connect 127.0.0.1:5222 -starttls xmpp -xmpphost DOMAIN -CAfile {ca} -verify_hostname DOMAIN -verify_return_error"},
	{"Prosody, for streams between servers",
		"xmppscope ca --pem | sudo tee /etc/prosody/xmppscope-ca.pem\n" +
			"in prosody.cfg.lua, at the top:  ssl = { cafile = \"/etc/prosody/xmppscope-ca.pem\" }\n" +
			"The authorities in /etc/ssl/certs stay trusted. Then restart Prosody."},
	{"ejabberd, for streams between servers",
		"xmppscope ca --pem | sudo tee /etc/ejabberd/xmppscope-ca.pem\n" +
			"in ejabberd.yml, at the top:  s2s_cafile: /etc/ejabberd/xmppscope-ca.pem\n" +
			"Only the authorities in that file are trusted then. Then restart ejabberd."},
}

func (t trusting) fill(path string) string {
	dir := filepath.Dir(path)
	return strings.NewReplacer("{ca}", shellWord(path), "{dir}", shellWord(dir), "{DIR}", dir, "{py}", pythonWord(path)).Replace(t.how)
}

// shellWord quotes a path for a shell, where that is needed.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:,@%", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// pythonWord writes a path as a string of Python.
func pythonWord(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
