package sasl

import (
	"strings"
	"testing"
)

const (
	scramC1 = "C: \"n,,n=user,r=rOprNGfwEbeRWgbNEkqO\"\n"
	scramS1 = "S: \"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096\"\n"
	scramC2 = "C: \"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=\"\n"
	scramS2 = "S: success \"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=\"\n"
	scramN  = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
)

// Each case plays an exchange and names the faults of its last message.
var scramCases = []struct {
	name, mechanism, transcript string
	rules                       string
}{
	{"GS2 header missing", "SCRAM-SHA-256", `C: "n=user,r=rOprNGfwEbeRWgbNEkqO"`, "scram-grammar@0"},
	{"another first character", "SCRAM-SHA-256", `C: "x,,n=user,r=rOprNGfwEbeRWgbNEkqO"`, "scram-first-char@0"},
	{"one comma in the header", "SCRAM-SHA-256", `C: "n,n=user,r=rOprNGfwEbeRWgbNEkqO"`, "scram-grammar@2"},
	{"cut in the header", "SCRAM-SHA-256", `C: "n"`, "scram-grammar@1 scram-grammar@1 scram-grammar@1"},
	{"no name", "SCRAM-SHA-256", `C: "n,,r=rOprNGfwEbeRWgbNEkqO"`, "scram-grammar@3 scram-grammar@25"},
	{"no nonce", "SCRAM-SHA-256", `C: "n,,n=user"`, "scram-grammar@9"},
	{"nonce before name", "SCRAM-SHA-256", `C: "n,,r=rOprNGfwEbeRWgbNEkqO,n=user"`, "scram-grammar@3"},
	{"mandatory extension", "SCRAM-SHA-256", `C: "n,,m=x,n=user,r=rOprNGfwEbeRWgbNEkqO"`, "scram-grammar@3"},
	{"a free extension is fine", "SCRAM-SHA-256", `C: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO,x=1"`, ""},
	{"junk in place of an attribute", "SCRAM-SHA-256", `C: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO,??"`, "scram-grammar@33"},
	{"a bare = in the name", "SCRAM-SHA-256", `C: "n,,n=a=b,r=rOprNGfwEbeRWgbNEkqO"`, "scram-name-escape@6"},
	{"escapes in the name", "SCRAM-SHA-256", `C: "n,,n=a=2Cb=3D,r=rOprNGfwEbeRWgbNEkqO"`, ""},
	{"a short nonce", "SCRAM-SHA-256", `C: "n,,n=user,r=abcdef"`, "scram-nonce-reused@12"},
	{"a control in the nonce", "SCRAM-SHA-256", `C: "n,,n=user,r=rOprNGfw^AEbeRWgbNEkqO"`, "scram-grammar@20"},
	{"p= without -PLUS", "SCRAM-SHA-256", `C: "p=tls-exporter,,n=user,r=rOprNGfwEbeRWgbNEkqO"`, "scram-plus-flag@0"},
	{"-PLUS without p=", "SCRAM-SHA-256-PLUS", `C: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"`, "scram-plus-flag@0"},
	{"an invented binding", "SCRAM-SHA-256-PLUS", `C: "p=tls-magic,,n=user,r=rOprNGfwEbeRWgbNEkqO"`, "scram-cb-type-invalid@2"},
	{"p= without a type", "SCRAM-SHA-256-PLUS", `C: "p=,,n=user,r=rOprNGfwEbeRWgbNEkqO"`, "scram-grammar@2"},
	{"server-first in order", "SCRAM-SHA-256", scramC1 + scramS1, ""},
	{"server nonce is not the client's", "SCRAM-SHA-256", scramC1 + `S: "r=somethingelse,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"`, "scram-nonce-not-extended@2"},
	{"server nonce adds nothing", "SCRAM-SHA-256", scramC1 + `S: "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"`, "scram-nonce-not-extended@22"},
	{"salt that is no base64", "SCRAM-SHA-256", scramC1 + `S: "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z!,i=4096"`, "scram-grammar@30"},
	{"salt missing", "SCRAM-SHA-256", scramC1 + `S: "r=rOprNGfwEbeRWgbNEkqOx,i=4096"`, "scram-grammar@24 scram-grammar@30"},
	{"one iteration", "SCRAM-SHA-256", scramC1 + `S: "r=rOprNGfwEbeRWgbNEkqOx,s=QUJD,i=1"`, "scram-iterations-low@33"},
	{"just too few iterations", "SCRAM-SHA-256", scramC1 + `S: "r=rOprNGfwEbeRWgbNEkqOx,s=QUJD,i=4095"`, "scram-iterations-low@33"},
	{"a million iterations are enough", "SCRAM-SHA-256", scramC1 + `S: "r=rOprNGfwEbeRWgbNEkqOx,s=QUJD,i=1000000"`, ""},
	{"more than a million", "SCRAM-SHA-256", scramC1 + `S: "r=rOprNGfwEbeRWgbNEkqOx,s=QUJD,i=1000001"`, "scram-iterations-low@33"},
	{"zero iterations", "SCRAM-SHA-256", scramC1 + `S: "r=rOprNGfwEbeRWgbNEkqOx,s=QUJD,i=0"`, "scram-grammar@33"},
	{"negative iterations", "SCRAM-SHA-256", scramC1 + `S: "r=rOprNGfwEbeRWgbNEkqOx,s=QUJD,i=-1"`, "scram-grammar@33"},
	{"too many iterations", "SCRAM-SHA-256", scramC1 + `S: "r=rOprNGfwEbeRWgbNEkqOx,s=QUJD,i=99999999999999999999"`, "scram-iterations-low@33"},
	{"TLS version of another form", "SCRAM-SHA-256", scramC1 + `S: "r=rOprNGfwEbeRWgbNEkqOx,s=QUJD,i=4096,t=1.3"`, "scram-grammar@40"},
	{"client-final in order", "SCRAM-SHA-256", scramC1 + scramS1 + scramC2, ""},
	{"c= of another header", "SCRAM-SHA-256", scramC1 + scramS1 + strings.Replace(scramC2, "biws", "eSws", 1), "scram-gs2-mismatch@2"},
	{"c= with data nobody announced", "SCRAM-SHA-256", scramC1 + scramS1 + strings.Replace(scramC2, "biws", "biwsQUJD", 1), "scram-cbind-data@2"},
	{"another nonce in client-final", "SCRAM-SHA-256", scramC1 + scramS1 + strings.Replace(scramC2, "k0,p=", "k1,p=", 1), "scram-nonce-changed@9"},
	{"no proof", "SCRAM-SHA-256", scramC1 + scramS1 + `C: "c=biws,r=` + scramN + `"`, "scram-grammar@59"},
	{"proof of another hash", "SCRAM-SHA-1", scramC1 + scramS1 + scramC2, "scram-grammar@62"},
	{"proof not last", "SCRAM-SHA-256", scramC1 + scramS1 + strings.Replace(scramC2, "VQ=\"", "VQ=,x=1\"", 1), "scram-grammar@110"},
	{"server-final in order", "SCRAM-SHA-256", scramC1 + scramS1 + scramC2 + scramS2, ""},
	{"v= in a challenge, then an empty success", "SCRAM-SHA-256", scramC1 + scramS1 + scramC2 + strings.Replace(scramS2, "success ", "", 1) + "C: -\nS: success", ""},
	{"success that proves nothing", "SCRAM-SHA-256", scramC1 + scramS1 + scramC2 + "S: success", "scram-no-server-signature@0"},
	{"e= in place of v=", "SCRAM-SHA-256", scramC1 + scramS1 + scramC2 + `S: "e=invalid-proof"`, ""},
	{"server-final without v=", "SCRAM-SHA-256", scramC1 + scramS1 + scramC2 + `S: success "x=1"`, "scram-grammar@0 scram-grammar@3"},
}

func TestDecodeScram(t *testing.T) {
	for _, c := range scramCases {
		x := play(t, c.mechanism, c.transcript)
		if got := rules(Decode(x, len(x.Messages)-1)); got != c.rules {
			t.Errorf("%s: faults\n got %q\nwant %q", c.name, got, c.rules)
		}
	}
}

func TestScramFields(t *testing.T) {
	x := play(t, "SCRAM-SHA-256", scramC1+scramS1+scramC2+scramS2)
	for i, want := range []string{
		"gs2-cbind-flag=n | n=user | r=rOprNGfwEbeRWgbNEkqO",
		"r=" + scramN + " | s=W22ZaJ0SNY7soEsUEjb6gQ== | i=4096",
		"c=biws | r=" + scramN + " | p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
		"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
	} {
		if got := fields(Decode(x, i)); got != want {
			t.Errorf("message %d:\n got %q\nwant %q", i, got, want)
		}
	}
	x = play(t, "SCRAM-SHA-1", `C: "n,a=romeo=2Cjr,n=a=3Db=2Cc,r=rOprNGfwEbeRWgbNEkqO"`)
	if got, want := fields(Decode(x, 0)), "gs2-cbind-flag=n | a=romeo,jr | n=a=b,c | r=rOprNGfwEbeRWgbNEkqO"; got != want {
		t.Errorf("escapes: %q, want %q", got, want)
	}
	x = play(t, "SCRAM-SHA-1", "C: \"n,,n=jo\u00ade,r=rOprNGfwEbeRWgbNEkqO\"") // a soft hyphen, which SASLprep maps to nothing
	if f := Decode(x, 0).Fields[1]; !strings.Contains(f.Meaning, "SASLprep changed it") {
		t.Errorf("a name out of normal form: %+v", f)
	}
}

// What the stream told before the login is held against its messages.
func TestScramAgainstTheStream(t *testing.T) {
	listed := []string{"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"}
	bindings := []string{"tls-exporter", "tls-server-end-point"}
	first := `C: "y,,n=user,r=rOprNGfwEbeRWgbNEkqO"`
	bound := `C: "p=tls-unique,,n=user,r=rOprNGfwEbeRWgbNEkqO"`
	reply := "\nS: \"r=rOprNGfwEbeRWgbNEkqOx,s=QUJD,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08=,t=0304\""
	for _, c := range []struct {
		name, mechanism, transcript string
		set                         func(*Exchange)
		rules                       string
	}{
		{"y though -PLUS was listed", "SCRAM-SHA-1", first, func(x *Exchange) { x.Offered = listed }, "scram-downgrade-suspected@0"},
		{"y and nothing listed", "SCRAM-SHA-1", first, func(x *Exchange) { x.Offered = listed[:1] }, ""},
		{"tls-unique on TLS 1.3", "SCRAM-SHA-1-PLUS", bound, func(x *Exchange) { x.TLSVersion = 0x0304 }, "scram-cb-type-invalid@2"},
		{"tls-unique on TLS 1.2", "SCRAM-SHA-1-PLUS", bound, func(x *Exchange) { x.TLSVersion = 0x0303 }, ""},
		{"a type that was not listed", "SCRAM-SHA-1-PLUS", bound, func(x *Exchange) { x.OfferedBindings = bindings }, "scram-cb-type-invalid@2"},
		{"h= and t= fit", "SCRAM-SHA-1", first + reply, func(x *Exchange) { x.Offered, x.OfferedBindings, x.TLSVersion = listed, bindings, 0x0304 }, ""},
		{"h= of another list", "SCRAM-SHA-1", first + reply, func(x *Exchange) { x.Offered, x.OfferedBindings = listed[:1], bindings }, "scram-h-mismatch@40"},
		{"t= of another TLS connection", "SCRAM-SHA-1", first + reply, func(x *Exchange) { x.TLSVersion = 0x0303 }, "scram-h-mismatch@71"},
	} {
		x := play(t, c.mechanism, c.transcript)
		c.set(x)
		if got := rules(Decode(x, len(x.Messages)-1)); got != c.rules {
			t.Errorf("%s: faults %q, want %q", c.name, got, c.rules)
		}
	}
	x := play(t, "SCRAM-SHA-1-PLUS", `
		C: "p=tls-exporter,,n=user,r=rOprNGfwEbeRWgbNEkqO"
		S: "r=rOprNGfwEbeRWgbNEkqOx,s=QUJD,i=4096"
		C: "c=cD10bHMtZXhwb3J0ZXIsLA==,r=rOprNGfwEbeRWgbNEkqOx,p=KHUfN8dSy1K95crT4D5y1ItLJfs="`)
	if got := rules(Decode(x, 2)); got != "scram-cbind-data@2" {
		t.Errorf("p= without data: %q", got)
	}
	x = play(t, "SCRAM-SHA-256-PLUS", vectorNamed(t, "client side of a proxy").transcript)
	x.Binding = []byte(strings.Repeat("\xBB", 32))
	if got := rules(Decode(x, 2)); got != "scram-cbind-data@2" {
		t.Errorf("data of another connection: %q", got)
	}
}

// An exchange whose beginning was not captured is read by its content.
func TestScramFromTheMiddle(t *testing.T) {
	for _, transcript := range []string{scramS1, scramC2, scramS2} {
		x := &Exchange{}
		playLine(t, x, strings.TrimSpace(transcript))
		if d := Decode(x, 0); len(d.Faults) > 0 || len(d.Fields) == 0 {
			t.Errorf("%s: %+v", transcript, d)
		}
	}
}
