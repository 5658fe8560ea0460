package sasl

import (
	"strings"
	"testing"
)

type vector struct {
	name       string
	mechanism  string
	transcript string
	binding    string
	secret     Secret
	user       string
	chain      map[string]string
}

// vectors are exchanges whose every value is published, or was computed by
// other software: RFC examples, XEP examples, and our own where none exist.
var vectors = []vector{
	{
		name: "PLAIN, the tutorial everybody copies", mechanism: "PLAIN",
		transcript: "C: AG1iZWQAbWlycm9y", secret: Secret{Password: "mirror"}, user: "mbed",
	},
	{
		name: "PLAIN, RFC 4616 §4, first", mechanism: "PLAIN",
		transcript: "C: AHRpbQB0YW5zdGFhZnRhbnN0YWFm\nS: success", secret: Secret{Password: "tanstaaftanstaaf"}, user: "tim",
	},
	{
		name: "PLAIN, RFC 4616 §4, second, refused for its authzid", mechanism: "PLAIN",
		transcript: "C: VXJzZWwAS3VydAB4aXBqM3BsbXE=\nS: failure not-authorized", secret: Secret{Password: "xipj3plmq"}, user: "Kurt as Ursel",
	},
	{
		name: "PLAIN, RFC 6120 §6.4.2", mechanism: "PLAIN",
		transcript: "C: AGp1bGlldAByMG0zMG15cjBtMzA=", secret: Secret{Password: "r0m30myr0m30"}, user: "juliet",
	},
	{
		name: "CRAM-MD5, RFC 2195 §2", mechanism: "CRAM-MD5",
		transcript: `
			C: -
			S: "<1896.697170952@postoffice.reston.mci.net>"
			C: "tim b913a602c7eda7a495b4e6e7334d3890"
			S: success`,
		secret: Secret{Password: "tanstaaftanstaaf"}, user: "tim",
		chain: map[string]string{"digest": "b913a602c7eda7a495b4e6e7334d3890"},
	},
	{
		name: "DIGEST-MD5, RFC 2831 §4, first", mechanism: "DIGEST-MD5",
		transcript: `
			C: -
			S: "realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8"
			C: "charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,cnonce="OA6MHXh6VqTrRk",digest-uri="imap/elwood.innosoft.com",response=d388dad90d4bbd760a152321f2143af7,qop=auth"
			S: "rspauth=ea40f60335c427b5527b84dbabcdfffd"
			C: -
			S: success`,
		secret: Secret{Password: "secret"}, user: "chris",
		chain: map[string]string{
			"H0": "eb5a750053e4d2c34aa84bbc9b0b6ee7", "HA1": "a2549853149b0536f01f0b850c643c57",
			"HA2": "15e3594677e51ade69715d1cb7d207ba", "response": "d388dad90d4bbd760a152321f2143af7",
			"rspauth": "ea40f60335c427b5527b84dbabcdfffd",
		},
	},
	{
		name: "DIGEST-MD5, RFC 2831 §4, second, rspauth with the success", mechanism: "DIGEST-MD5",
		transcript: `
			C: -
			S: "realm="elwood.innosoft.com",nonce="OA9BSXrbuRhWay",qop="auth",algorithm=md5-sess,charset=utf-8"
			C: "charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA9BSXrbuRhWay",nc=00000001,cnonce="OA9BSuZWMSpW8m",digest-uri="acap/elwood.innosoft.com",response=6084c6db3fede7352c551284490fd0fc,qop=auth"
			S: success "rspauth=2f0b3d7c3c2e486600ef710726aa2eae"`,
		secret: Secret{Password: "secret"}, user: "chris",
		chain: map[string]string{"response": "6084c6db3fede7352c551284490fd0fc", "rspauth": "2f0b3d7c3c2e486600ef710726aa2eae"},
	},
	{
		name: "SCRAM-SHA-1, RFC 5802 §5", mechanism: "SCRAM-SHA-1",
		transcript: `
			C: "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL"
			S: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"
			C: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
			S: success "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="`,
		secret: Secret{Password: "pencil"}, user: "user",
		chain: map[string]string{
			"SaltedPassword": "1d96ee3a529b5a5f9e47c01f229a2cb8a6e15f7d", "ClientKey": "e234c47bf6c36696dd6d852b99aaa2ba26555728",
			"StoredKey": "e9d94660c39d65c38fbad91c358f14da0eef2bd6", "ServerKey": "0fe09258b3ac852ba502cc62ba903eaacdbf7d31",
			"ClientProof": "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "ServerSignature": "rmF9pqV8S7suAoZWja4dJRkFsKQ=",
		},
	},
	{
		name: "SCRAM-SHA-1, RFC 6120 §9.1.2", mechanism: "SCRAM-SHA-1",
		transcript: `
			C: "n,,n=juliet,r=oMsTAAwAAAAMAAAANP0TAAAAAABPU0AA"
			S: "r=oMsTAAwAAAAMAAAANP0TAAAAAABPU0AAe124695b-69a9-4de6-9c30-b51b3808c59e,s=NjhkYTM0MDgtNGY0Zi00NjdmLTkxMmUtNDlmNTNmNDNkMDMz,i=4096"
			C: "c=biws,r=oMsTAAwAAAAMAAAANP0TAAAAAABPU0AAe124695b-69a9-4de6-9c30-b51b3808c59e,p=UA57tM/SvpATBkH2FXs0WDXvJYw="
			S: success "v=pNNDFVEQxuXxCoSEiW8GEZ+1RSo="`,
		secret: Secret{Password: "r0m30myr0m30"}, user: "juliet",
	},
	{
		name: "SCRAM-SHA-256, RFC 7677 §3", mechanism: "SCRAM-SHA-256",
		transcript: `
			C: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
			S: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
			C: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
			S: success "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="`,
		secret: Secret{Password: "pencil"}, user: "user",
		chain: map[string]string{
			"SaltedPassword": "c4a49510323ab4f952cac1fa99441939e78ea74d6be81ddf7096e87513dc615d",
			"StoredKey":      "586e5df283e6dceb5c3e791d8b8528ec191e664045ce971792e2e6b5bb13e2a6",
			"ServerKey":      "c1f3cbc1c13a9d35a14c0990eed97629ea225863e566a4314ab99f3f00e5d9d5",
		},
	},
	{
		name: "SCRAM-SHA-512, our own", mechanism: "SCRAM-SHA-512",
		transcript: `
			C: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
			S: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
			C: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ=="
			S: success "v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw=="`,
		secret: Secret{Password: "pencil"}, user: "user",
	},
	{
		name: "SCRAM-SHA-224, our own", mechanism: "SCRAM-SHA-224",
		transcript: `
			C: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
			S: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
			C: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=G+jImI3JVyfKziL8SmvWt6s7DBkoCRivS4b9Pw=="
			S: success "v=zuajyFap+TnHcERV1KnuwlZyj4z6WE33aYPCfA=="`,
		secret: Secret{Password: "pencil"}, user: "user",
	},
	{
		name: "SCRAM-SHA-384, our own", mechanism: "SCRAM-SHA-384",
		transcript: `
			C: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
			S: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
			C: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=38QOLqcXFnyvjFUdM4HfSjz5ppcQ02OwnS5CmEK4PniDQJkN2DCKR1oAI+y+NRKq"
			S: success "v=v1W3CC5HNLFnGJ2Zbpb5jeIDxX1hpghXPjWlFWLvikI2N0FYuk/W6bRRifnIXxTe"`,
		secret: Secret{Password: "pencil"}, user: "user",
	},
	{
		name: "SCRAM-SHA3-512, our own", mechanism: "SCRAM-SHA3-512",
		transcript: `
			C: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
			S: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
			C: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=37RsC22bKqUDfdmJ5ojfviHvJllSdNm2pyi9QVvIdOiHyF0wT3YozEvf3gshtz82VmdOVhubuDdqfxM+xQZ5hg=="
			S: success "v=edmhgVenO1ZjN28/CvW/bI1M7pSbZXyvB7z136xUDz/Do6nvzXZoBNJx5pQQ+Vt/7PT3yGAf9Yv6CyHFeT9wIA=="`,
		secret: Secret{Password: "pencil"}, user: "user",
	},
	{
		name: "SCRAM-SHA-1 as a client and Prosody spoke it", mechanism: "SCRAM-SHA-1 domain=prosody.test",
		transcript: `
			C: biwsbj1yb21lbyxyPTM5OTU3NDI5ODQ2ODU1Njc0
			S: cj0zOTk1NzQyOTg0Njg1NTY3NGQ0N2UwOTg4LTM2ZDktNDI1MS04ZjM3LTg1YWQyZDlhMDI3YSxzPVpUUXhOREF4WVRrdFltRmtNaTAwTkdFekxXRTVNVEl0WXpreU5qZ3daVE5oWVRNeSxpPTEwMDAw
			C: Yz1iaXdzLHI9Mzk5NTc0Mjk4NDY4NTU2NzRkNDdlMDk4OC0zNmQ5LTQyNTEtOGYzNy04NWFkMmQ5YTAyN2EscD1maGM0dDFwTXI2Z2JNa1pVSzhGeUFrVHF1NmM9
			S: success dj1XT25PVkM0Z2VtUjFFTVVJWGJYZFFVamdJcUU9`,
		secret: Secret{Password: "wherefore art thou"}, user: "romeo",
	},
	{
		name: "DIGEST-MD5 as a client and ejabberd spoke it, no realm offered", mechanism: "DIGEST-MD5 domain=ejabberd.test",
		transcript: `
			C: -
			S: "nonce="17282636656675167147",qop="auth",charset=utf-8,algorithm=md5-sess"
			C: dXNlcm5hbWU9InJvbWVvIixyZWFsbT0iZWphYmJlcmQudGVzdCIsbm9uY2U9IjE3MjgyNjM2NjU2Njc1MTY3MTQ3Iixjbm9uY2U9Ijg0OTg5ODc0NzY1NTc1ODkiLG5jPTAwMDAwMDAxLHFvcD1hdXRoLGRpZ2VzdC11cmk9InhtcHAvZWphYmJlcmQudGVzdCIscmVzcG9uc2U9NTM4OTU3NDM5OGE0MDkzZmNjMzQ1YjZiMjQ0NGZkNDYsbWF4YnVmPTY1NTM2LGNoYXJzZXQ9dXRmLTg=
			S: cnNwYXV0aD05MTJhYWRjYzgyOTA2MjE4NmZlY2IyM2IzOTg5ZjNmOA==
			C: -
			S: success`,
		secret: Secret{Password: "wherefore art thou"}, user: "romeo",
	},
	{
		name: "SCRAM-SHA-1-PLUS with h= and t=, XEP-0515 §4.3", mechanism: "SCRAM-SHA-1-PLUS sasl2", binding: "THIS IS FAKE CB DATA",
		transcript: `
			C: cD10bHMtZXhwb3J0ZXIsLG49dXNlcixyPTEyQzRDRDVDLUUzOEUtNEE5OC04RjZELTE1QzM4RjUxQ0NDNg==
			S: "r=12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6a09117a6-ac50-4f2f-93f1-93799c2bddf6,s=QSXCR+Q6sek8bf92,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08=,t=0304"
			C: "c=cD10bHMtZXhwb3J0ZXIsLFRISVMgSVMgRkFLRSBDQiBEQVRB,r=12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6a09117a6-ac50-4f2f-93f1-93799c2bddf6,p=KHUfN8dSy1K95crT4D5y1ItLJfs="
			S: success "v=3w34ZIMVRkx2f2Ozb3/ecRPVdv4="`,
		secret: Secret{Password: "pencil"}, user: "user",
	},
	{
		name: "SCRAM-SHA-1-PLUS with a client extension, XEP-0474 §6.3", mechanism: "SCRAM-SHA-1-PLUS sasl2", binding: "THIS IS FAKE CB DATA",
		transcript: `
			C: "p=tls-exporter,,n=user,r=12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6"
			S: "r=12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6a09117a6-ac50-4f2f-93f1-93799c2bddf6,s=QSXCR+Q6sek8bf92,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08="
			C: "c=cD10bHMtZXhwb3J0ZXIsLFRISVMgSVMgRkFLRSBDQiBEQVRB,r=12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6a09117a6-ac50-4f2f-93f1-93799c2bddf6,x=19C6532F-1CF4-4A27-A18D-DC9CEA41BBB3,p=M/SIDjT+dfcxUh89jZEypRvFxB4="
			S: success "v=MQrMPvv7yv4x4Cq4W4Ih25EqS2c="`,
		secret: Secret{Password: "pencil"}, user: "user",
	},
	{
		name: "SCRAM-SHA-256-PLUS, our own, client side of a proxy", mechanism: "SCRAM-SHA-256-PLUS", binding: strings.Repeat("\xAA", 32),
		transcript: `
			C: "p=tls-exporter,,n=user,r=rOprNGfwEbeRWgbNEkqO"
			S: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
			C: "c=cD10bHMtZXhwb3J0ZXIsLKqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=2V2UabJJGtZtq5fxXpeLUcgbYBuS3NeSITOq/SAJtTY="
			S: success "v=8fuLYYRua0e6kIuu9tQKkdeJkJkaC5zPRWfqqATX41U="`,
		secret: Secret{Password: "pencil"}, user: "user",
	},
	{
		name: "SCRAM-SHA-256-PLUS, our own, server side of a proxy", mechanism: "SCRAM-SHA-256-PLUS", binding: strings.Repeat("\xBB", 32),
		transcript: `
			C: "p=tls-exporter,,n=user,r=rOprNGfwEbeRWgbNEkqO"
			S: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
			C: "c=cD10bHMtZXhwb3J0ZXIsLLu7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=rLLVX4VSlnlsmxg3jg6dAk+oprDeLH5EYnl2wEvGrFc="
			S: success "v=VvbvxJZ4FaLJHSe07BTt/lNTMCJAYL4hOkg9A+zog1o="`,
		secret: Secret{Password: "pencil"}, user: "user",
	},
	{
		name: "HT-SHA-256-NONE, our own", mechanism: "HT-SHA-256-NONE sasl2",
		transcript: `
			C: dXNlcgDJ3s0Hg2BTkXBlL/Va7wheuz6Y984Q7IUG1CzK1FTBIQ==
			S: success A2D8IgtS1ZgCWDRVqSooMxdFIIHOheV4kO6/xvrG2Nw=`,
		secret: Secret{Token: "secret-token:fast-example"}, user: "user",
	},
	{
		name: "OAUTHBEARER, RFC 7628 §4.1", mechanism: "OAUTHBEARER",
		transcript: `C: "n,a=user@example.com,^Ahost=server.example.com^Aport=143^Aauth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==^A^A"`,
		secret:     Secret{Token: "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="}, user: " as user@example.com",
	},
}

func TestVectors(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			x := play(t, v.mechanism, v.transcript)
			x.Binding = []byte(v.binding)
			verdict := Verify(x, &v.secret)
			if !verdict.Known || !verdict.Verified {
				t.Fatalf("not verified: %+v", verdict)
			}
			for name, want := range v.chain {
				if got := stepValue(verdict, name); got != want {
					t.Errorf("%s = %q, want %q", name, got, want)
				}
			}
			authcid, authzid := Username(x)
			who := authcid
			if authzid != "" {
				who += " as " + authzid
			}
			if who != v.user {
				t.Errorf("logs in: %q, want %q", who, v.user)
			}
		})
	}
}

// Every step that travels stands beside what the wire had, and equals it.
func TestVectorsMeetTheWire(t *testing.T) {
	for _, v := range vectors {
		x := play(t, v.mechanism, v.transcript)
		x.Binding = []byte(v.binding)
		for _, s := range Verify(x, &v.secret).Chain {
			if s.Wire != "" && s.Wire != s.Value {
				t.Errorf("%s: %s computed %q, wire %q", v.name, s.Name, s.Value, s.Wire)
			}
		}
	}
}

// The published exchanges hold no fault, but for the services of DIGEST-MD5's
// own examples, which are IMAP and ACAP.
func TestVectorsAreFaultless(t *testing.T) {
	for _, v := range vectors {
		x := play(t, v.mechanism, v.transcript)
		x.Binding = []byte(v.binding)
		for i := range x.Messages {
			for _, f := range Decode(x, i).Faults {
				if x.Mechanism == "DIGEST-MD5" && strings.Contains(f.Text, "xmpp/") {
					continue
				}
				t.Errorf("%s: message %d: %+v", v.name, i, f)
			}
		}
	}
}

// Any other secret makes each vector fail, and names the secret as what
// differs.
func TestVectorsWithWrongSecret(t *testing.T) {
	for _, v := range vectors {
		x := play(t, v.mechanism, v.transcript)
		x.Binding = []byte(v.binding)
		verdict := Verify(x, &Secret{Password: "wrong", Token: "wrong too"})
		if !verdict.Known || verdict.Verified || verdict.Why == "" || len(verdict.Differs) == 0 {
			t.Errorf("%s: %+v", v.name, verdict)
		}
	}
}

func TestPartVectors(t *testing.T) {
	for _, c := range []struct {
		name, secret string
		x            Exchange
		part         Part
	}{
		{"IQ-AUTH digest, XEP-0078 §3.1", "Calli0pe", Exchange{Mechanism: IQAuth, StreamID: "3EE948B0"}, Part{"digest", "48fc78be9ec8f86d8ce1c39c320c97c21d62334d"}},
		{"IQ-AUTH password, XEP-0078 §3.1", "Calli0pe", Exchange{Mechanism: IQAuth, StreamID: "3EE948B0"}, Part{"password", "Calli0pe"}},
		{"COMPONENT, XEP-0114 §3", "test", Exchange{Mechanism: Component, StreamID: "3BF96D32"}, Part{"handshake", "aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e"}},
		{"DIALBACK, XEP-0220 §2.1", "s3cr3tf0rd14lb4ck", Exchange{Mechanism: Dialback, StreamID: "D60000229F", Originator: "capulet.example", Receiver: "montague.example"}, Part{"key", "b4835385f37fe2895af6c196b59097b16862406db80559900d96bf6fa7d23df3"}},
	} {
		x := c.x
		x.AddParts(InitialResponse, c.part)
		if v := Verify(&x, &Secret{Password: c.secret}); !v.Known || !v.Verified {
			t.Errorf("%s: %+v", c.name, v)
		}
		if d := Decode(&x, 0); len(d.Faults) > 0 || len(d.Fields) != 1 || d.Fields[0].Value != c.part.Text {
			t.Errorf("%s: %+v", c.name, d)
		}
		if v := Verify(&x, &Secret{Password: "wrong"}); !v.Known || v.Verified || len(v.Differs) == 0 {
			t.Errorf("%s, wrong secret: %+v", c.name, v)
		}
	}
}

func TestListHash(t *testing.T) {
	got := ListHash("SCRAM-SHA-1-PLUS", []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"}, []string{"tls-server-end-point", "tls-exporter"})
	if want := "G6k/rBLDqgOhRRaCuuatSDFkJ08="; got != want {
		t.Errorf("XEP-0474 §6.3: %s, want %s", got, want)
	}
	if none := ListHash("SCRAM-SHA-1", []string{"SCRAM-SHA-1"}, nil); none == ListHash("SCRAM-SHA-1", []string{"SCRAM-SHA-1"}, []string{}) {
		t.Error("an empty list of bindings and no list must hash differently")
	}
	if got := ListHash("PLAIN", nil, nil); got != "" {
		t.Errorf("PLAIN has the list hash %q", got)
	}
}

func vectorNamed(t *testing.T, part string) vector {
	t.Helper()
	for _, v := range vectors {
		if strings.Contains(v.name, part) {
			return v
		}
	}
	t.Fatalf("no vector %q", part)
	return vector{}
}
