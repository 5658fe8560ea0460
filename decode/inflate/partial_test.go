package inflate

// partial is what zlib makes with Z_PARTIAL_FLUSH after each line.
var partial = [...]struct{ in, out string }{
	{"789c548dcb0a802010457fc5ddecb4b6a2f52d16431a3e621cc2cfafd04dab0b8773b8666d298a1ba986922dcc7282753195095dd27d04170bd85cba22ca42078837c9d5c2e9b60d49ef3160e6414763c1335f5a29648fd46457bf5a75a1c2ff747904",
		"<?xml version='1.0'?><stream:stream to='example.org' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"},
	{"904d66a142496541aaad7a7a2ad0b0cc14a03850b420332f1d665f69519e55456e41811548505ddfce463fb3d00e20",
		"<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>"},
	{"806c0a8a528b53f39253f5ed0002",
		"<presence/>"},
}
