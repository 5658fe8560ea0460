package tui

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

// kept is what the screen remembers from one time to the next.
type kept struct {
	Sizes sizes  `json:"sizes"`
	Skin  string `json:"skin,omitempty"`
}

// keptFile is its name in the folder of Options.State.
const keptFile = "screen.json"

// maxKept is more than a file of ours is ever long.
const maxKept = 4096

// readKept reads what was remembered. What cannot be read or makes no sense is
// as if it were not there: nothing depends on it.
func readKept(dir string) (k kept) {
	if dir == "" {
		return kept{}
	}
	path := filepath.Join(dir, keptFile)
	if st, err := os.Stat(path); err != nil || !st.Mode().IsRegular() || st.Size() > maxKept {
		return kept{}
	}
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &k) != nil {
		return kept{}
	}
	for _, s := range []*share{&k.Sizes.Split, &k.Sizes.Third, &k.Sizes.Fold, &k.Sizes.Pair, &k.Sizes.Convs, &k.Sizes.Held} {
		if *s < 0 || *s > 1000 {
			*s = 0
		}
	}
	if skinOf(k.Skin) == nil {
		k.Skin = ""
	}
	return k
}

// write puts it in the place of what was there, whole or not at all.
func (k kept) write(dir string) error {
	text, err := json.MarshalIndent(k, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, keptFile+".*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, keptFile))
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// keep remembers how the screen looks. That it cannot be remembered is said
// once: nothing else is lost by it.
func (u *ui) keep() {
	if u.o.State == "" || u.noKeeping {
		return
	}
	if err := (kept{u.sizes, u.skin}).write(u.o.State); err != nil {
		u.noKeeping = true
		u.say(noteBad, "it will not be remembered: "+wire(err.Error()))
	}
}
