package course

import "testing"

// What the solutions of live steps change inside base64, and nowhere else.
func TestSetFields(t *testing.T) {
	const auth = "<auth xmlns='x' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>"
	for _, c := range []struct {
		set        [][]string
		flip       string
		text, want string
	}{
		{nil, "", auth, auth},
		{[][]string{{`\0mbed\0`, `\0romeo\0`}, {"mirror", "glass"}}, "", auth, "<auth xmlns='x' mechanism='PLAIN'>AHJvbWVvAGdsYXNz</auth>"},
		{nil, "v=", "<success>dj1BYmM=</success>", "<success>dj1CYmM=</success>"}, // v=Abc, v=Bbc
		{nil, "v=", "<success>dj14YmM=</success>", "<success>dj1BYmM=</success>"}, // v=xbc, v=Abc
		{nil, "p=", "<success>dj14YmM=</success>", "<success>dj14YmM=</success>"}, // nothing to flip
		{nil, "bc", "<success>dj14YmM=</success>", "<success>dj14YmM=</success>"}, // nothing behind it
		{[][]string{{"a", "b"}}, "", "<success/>", "<success/>"},
		{[][]string{{"a", "b"}}, "", "<x>no base64!</x>", "<x>no base64!</x>"},
	} {
		if got := setFields(c.text, c.set, c.flip); got != c.want {
			t.Errorf("%s with %v and %q is %s, want %s", c.text, c.set, c.flip, got, c.want)
		}
	}
}

// The proof is that of RFC 7677 §3.
func TestScramProof(t *testing.T) {
	const first, server = "n=user,r=rOprNGfwEbeRWgbNEkqO", "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
	got, err := scramProof("pencil", server, first+","+server+",c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
	if err != nil || got != "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=" {
		t.Error(got, err)
	}
	for _, server := range []string{"", "r=x,s=!,i=4096", "r=x,s=QQ==,i=0", "r=x,s=QQ==,i=99999999"} {
		if got, err := scramProof("pencil", server, ""); err == nil {
			t.Errorf("%q gives %s", server, got)
		}
	}
}

// Whoever does a solution by hand is told all of it.
func TestDeedInWords(t *testing.T) {
	for want, d := range map[string]Deed{
		`when name == "iq" is held: edit, “a” becomes nothing`:                                  {Wait: `name == "iq"`, Do: "edit", Replace: [][]string{{"a", ""}}},
		`edit, in its place stands what fits conn == 1`:                                         {Do: "edit", From: "conn == 1"},
		`edit, in its base64 another letter stands behind “v=”`:                                 {Do: "edit", Flip: "v="},
		`edit, its c and p are made for the server's own TLS connection, with the password “x”`: {Do: "edit", Password: "x"},
	} {
		if got := d.Words(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
