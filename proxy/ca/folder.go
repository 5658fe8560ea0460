package ca

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// CertFile and KeyFile are the names of the files in the folder. The key file
// holds key and certificate, and is the one that counts: they come to be
// together. The other is a copy for programs that are to trust the authority.
const (
	CertFile = "ca.pem"
	KeyFile  = "ca-key.pem"

	pemCertificate = "CERTIFICATE"
	pemKey         = "PRIVATE KEY"

	// maxKeyFile bounds what is read of the key file.
	maxKeyFile = 64 << 10
)

// Error tells what is wrong with a file, in words, and what to do about it.
type Error struct {
	Path, Text string
	Hint       string // may be empty
	Err        error  // of the system; may be nil
}

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Path + ": " + e.Text + ": " + e.Err.Error()
	}
	return e.Path + ": " + e.Text
}

func (e *Error) Unwrap() error { return e.Err }

// Open reads the authority that a folder holds, and makes it, and the folder,
// where there is none. Where several processes do that at once, one wins and
// all use what it made. Errors are of type *Error.
func Open(dir string) (*Authority, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &Error{Path: dir, Text: "the folder cannot be made", Err: cause(err)}
	}
	if err := checkFolder(dir); err != nil {
		return nil, err
	}
	a, err := load(filepath.Join(dir, KeyFile))
	if errors.Is(err, fs.ErrNotExist) {
		a, err = makeIn(dir)
	}
	if err != nil {
		return nil, err
	}
	a.path = filepath.Join(dir, CertFile)
	if err := a.publish(dir); err != nil {
		return nil, err
	}
	return a, nil
}

// checkFolder refuses a folder in which others could put a key of theirs.
func checkFolder(dir string) error {
	st, err := os.Stat(dir)
	if err != nil {
		return &Error{Path: dir, Text: "the folder cannot be looked at", Err: cause(err)}
	}
	if runtime.GOOS != "windows" && st.Mode().Perm()&0o022 != 0 {
		return &Error{Path: dir, Text: fmt.Sprintf("others may write to the folder (mode %04o)", st.Mode().Perm()),
			Hint: "chmod 700 " + dir}
	}
	return nil
}

// makeIn makes an authority and puts it into the folder, unless another process
// was quicker: then that one's is read.
func makeIn(dir string) (*Authority, error) {
	a, err := create(time.Now)
	if err != nil {
		return nil, &Error{Path: dir, Text: "no authority can be made", Err: err}
	}
	der, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return nil, &Error{Path: dir, Text: "the key cannot be written", Err: err}
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: der}), a.PEM()...)
	path := filepath.Join(dir, KeyFile)
	tmp, err := writeTemp(dir, KeyFile, text, 0o600)
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp)
	// A link, unlike a renaming, never replaces what is there.
	err = os.Link(tmp, path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = writeNew(path, text) // a file system without links
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return load(path)
	case err != nil:
		return nil, &Error{Path: path, Text: "the key cannot be written", Err: cause(err)}
	}
	return a, nil
}

func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// writeTemp writes a file beside the one that it is to become.
func writeTemp(dir, name string, text []byte, mode fs.FileMode) (string, error) {
	f, err := os.CreateTemp(dir, "."+name+".*") // mode 0600
	if err != nil {
		return "", &Error{Path: dir, Text: "no file can be made in the folder", Err: cause(err)}
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", &Error{Path: filepath.Join(dir, name), Text: "it cannot be written", Err: cause(err)}
	}
	return f.Name(), nil
}

// publish puts the certificate beside the key, where it is not yet.
func (a *Authority) publish(dir string) error {
	text := a.PEM()
	if have, err := os.ReadFile(a.path); err == nil && bytes.Equal(have, text) {
		return nil
	}
	tmp, err := writeTemp(dir, CertFile, text, 0o644)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, a.path); err != nil {
		os.Remove(tmp)
		return &Error{Path: a.path, Text: "it cannot be written", Err: cause(err)}
	}
	return nil
}

// load reads the key file.
func load(path string) (*Authority, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &Error{Path: path, Text: "the key cannot be read", Err: cause(err)}
	}
	defer f.Close()
	st, err := f.Stat()
	switch {
	case err != nil:
		return nil, &Error{Path: path, Text: "the key cannot be read", Err: cause(err)}
	case !st.Mode().IsRegular():
		return nil, &Error{Path: path, Text: "it is no file"}
	case runtime.GOOS != "windows" && st.Mode().Perm()&0o077 != 0:
		return nil, &Error{Path: path, Text: fmt.Sprintf("others may use the key of the authority (mode %04o): it is not used", st.Mode().Perm()),
			Hint: "chmod 600 " + path + "; or, where somebody may have read it, remove it, and another authority is made"}
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, &Error{Path: path, Text: "the key cannot be read", Err: cause(err)}
	}
	a, why := parse(text, time.Now())
	if why != "" {
		return nil, &Error{Path: path, Text: why, Hint: "remove it, and another authority is made, which has to be trusted anew"}
	}
	return a, nil
}

// parse takes the text of a key file apart; why says what is wrong with it.
func parse(text []byte, now time.Time) (a *Authority, why string) {
	a = &Authority{now: time.Now}
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		switch block.Type {
		case pemKey:
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, "the key in it cannot be read"
			}
			var ok bool
			if a.key, ok = key.(*ecdsa.PrivateKey); !ok {
				return nil, "the key in it is no ECDSA key"
			}
		case pemCertificate:
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, "the certificate in it cannot be read"
			}
			a.cert = cert
		}
	}
	switch {
	case a.key == nil:
		return nil, "there is no key in it"
	case a.cert == nil:
		return nil, "there is no certificate in it"
	case !a.key.PublicKey.Equal(a.cert.PublicKey):
		return nil, "key and certificate in it do not belong together"
	case !a.cert.IsCA:
		return nil, "the certificate in it is not that of an authority"
	case now.After(a.cert.NotAfter):
		return nil, "the authority has expired on " + a.cert.NotAfter.Format("2 January 2006")
	}
	return a, ""
}

// cause is an error of the system without the name of the file, which is told
// anyway.
func cause(err error) error {
	var at *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &at):
		return at.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
