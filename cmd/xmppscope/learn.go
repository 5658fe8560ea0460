package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"xmppscope/inspector"
	"xmppscope/lessons"
	"xmppscope/lessons/course"
)

// learnFlags are those of learn.
type learnFlags struct {
	list    bool
	check   string
	preview bool
	add     string
	name    string
	from    string
	secrets bool
	kit     string
	sheet   string
	json    bool
	class   classFlags
}

func newLearn(e *env) *cobra.Command {
	var lf learnFlags
	c := &cobra.Command{
		Use:   "learn [LESSON]",
		Short: "Take lessons, one small task after the other, on recordings and live streams",
		Long: "Each lesson is a row of small steps: something to look at, to predict, to take apart, to find, or to do on a live stream between a practice client and a practice server. " +
			"What you answer is checked at once.\n\n" +
			"A teacher holds a class with --host, on this computer or in one room; students come in with --join or with a browser.\n\n" +
			"Authors write lessons of their own: --new makes a template, --check proves it, --lessons adds it.",
		Example: "  xmppscope learn\n  xmppscope learn 7\n  xmppscope learn --plain\n  xmppscope learn --list\n  xmppscope learn --new 21-mine\n  xmppscope learn --check 21-mine",
		Args: func(c *cobra.Command, args []string) error {
			lf.class.showSecrets = lf.secrets && lf.from == ""
			if err := lf.class.check(); err != nil {
				return err
			}
			switch {
			case lf.kit != "":
				return nil // takes as many as there are
			case len(args) == 1 && lf.class.join != "":
				return usage(c.Name(), "--join goes without a lesson: the teacher chooses it", "")
			case len(args) > 1:
				return usage(c.Name(), "takes one lesson, has "+args[1]+" too", "")
			case len(args) == 1 && (lf.list || lf.check != "" || lf.name != "" || lf.from != ""):
				return usage(c.Name(), "--list, --check, --new and --from go without a lesson", "")
			case lf.secrets && lf.from == "" && lf.class.host == "":
				return usage("--show-secrets", "goes with --from and --host", "")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case lf.class.join != "":
				return e.joinClass(c.Context(), &lf.class)
			case lf.check != "":
				return e.checkLessons(c.Context(), &lf)
			case lf.sheet != "":
				return e.cheatSheet(lf.sheet)
			case lf.name != "" && lf.from != "":
				return e.newExercises(lf.from, lf.name, lf.secrets)
			case lf.name != "":
				return e.newLesson(lf.name)
			case lf.from != "":
				l, _, err := e.exercises(lf.from, lf.secrets)
				if err != nil {
					return err
				}
				return e.learn(c.Context(), []*course.Lesson{l}, l.ID, lf.json)
			}
			all, err := allLessons(lf.add)
			if err != nil {
				return err
			}
			switch {
			case lf.class.host != "":
				return e.hostClass(c.Context(), &lf.class, all, strings.Join(args, ""))
			case lf.list:
				return e.listLessons(all, lf.json)
			case lf.kit != "":
				return e.kit(c.Context(), lf.kit, all, args)
			}
			return e.learn(c.Context(), all, strings.Join(args, ""), lf.json)
		},
	}
	c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		all, err := allLessons(lf.add)
		if err != nil || len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var found []cobra.Completion
		for _, l := range all {
			found = append(found, cobra.CompletionWithDesc(l.ID, l.Title))
		}
		return found, cobra.ShellCompDirectiveNoFileComp
	}
	f := c.Flags()
	f.BoolVar(&lf.list, "list", false, "list the lessons")
	f.StringVar(&lf.add, "lessons", "", "add the lessons in the folder `DIR`")
	f.StringVar(&lf.check, "check", "", "prove the lessons in the folder `DIR`, or the lesson that it is")
	f.BoolVar(&lf.preview, "preview", false, "with --check: show how lessons read, whether or not they are sound")
	f.StringVar(&lf.name, "new", "", "make the folder `NAME` with a lesson to begin from")
	f.StringVar(&lf.from, "from", "", "make exercises out of `CAPTURE`, a file or sample:NAME; with --new, write them into a folder")
	f.BoolVar(&lf.secrets, "show-secrets", false, "with --from: ask for passwords too; with --host: mirror those in recordings")
	f.StringVar(&lf.kit, "kit", "", "pack the lessons named, or all, into the new folder `DIR`: with captures, the program, a handout and its answers")
	f.StringVar(&lf.sheet, "cheat-sheet", "", "write XMPP on one page, as `FORMAT` text or html")
	f.Lookup("cheat-sheet").NoOptDefVal = "text"
	completeFrom(c, "cheat-sheet", "text", "html")
	f.BoolVar(&lf.json, "json", false, "with --list and --check: write JSON Lines")
	e.addPlain(f)
	lf.class.addTo(f)
	_ = c.MarkFlagDirname("lessons")
	_ = c.MarkFlagDirname("check")
	c.MarkFlagsMutuallyExclusive("list", "check", "new", "host", "join", "kit", "cheat-sheet")
	return c
}

// allLessons are those that come with the program, and those of a folder, which
// stand in place of none of them.
func allLessons(add string) ([]*course.Lesson, error) {
	all, err := course.ParseAll(lessons.FS())
	if err != nil || add == "" {
		return all, err
	}
	more, broken, err := readLessons(add)
	if err != nil {
		return nil, err
	}
	if len(broken) > 0 {
		return nil, &failure{code: exitInput, what: add, why: broken[0].Error(), hint: "xmppscope learn --check " + add + " tells all that is wrong"}
	}
	for _, l := range more {
		if slices.ContainsFunc(all, func(x *course.Lesson) bool { return x.ID == l.ID }) {
			return nil, &failure{code: exitInput, what: filepath.Join(add, l.ID), why: "there is a lesson of this name already", hint: "the name of a lesson is that of its folder: give it another"}
		}
		all = append(all, l)
	}
	return all, nil
}

// readLessons reads a folder of lessons, or one lesson. Those that cannot be
// read come as errors, the others all the same.
func readLessons(path string) (all []*course.Lesson, broken []*course.Error, err error) {
	st, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, nil, cannot(path, err)
	case !st.IsDir():
		return nil, nil, &failure{code: exitInput, what: path, why: "is no folder", hint: "a lesson is a folder with a file lesson.md"}
	}
	ids, root := []string{}, path
	if abs, err := filepath.Abs(path); err == nil && isLesson(path) {
		ids, root = append(ids, filepath.Base(abs)), filepath.Dir(abs)
	} else {
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, nil, cannot(path, err)
		}
		for _, f := range entries {
			if isLesson(filepath.Join(path, f.Name())) {
				ids = append(ids, f.Name())
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil, &failure{code: exitInput, what: path, why: "has no lesson in it", hint: "a lesson is a folder with a file lesson.md; xmppscope learn --new NAME makes one"}
	}
	for _, id := range ids {
		l, err := course.Parse(id, os.DirFS(filepath.Join(root, id)))
		var at *course.Error
		switch {
		case err == nil:
			all = append(all, l)
		case errors.As(err, &at):
			broken = append(broken, at)
		default:
			return nil, nil, cannot(filepath.Join(root, id), err)
		}
	}
	return all, broken, nil
}

// isLesson tells whether a folder is a lesson.
func isLesson(path string) bool {
	_, err := os.Stat(filepath.Join(path, course.FileName))
	return err == nil
}

// lessonNamed finds a lesson by its name, or by the number before it.
func lessonNamed(all []*course.Lesson, name string) (*course.Lesson, error) {
	var ids []string
	for _, l := range all {
		if l.ID == name || number(l.ID) != "" && number(l.ID) == strings.TrimLeft(name, "0") {
			return l, nil
		}
		ids = append(ids, l.ID)
	}
	hint := "xmppscope learn --list lists them"
	if near := inspector.Nearest(name, ids); near != "" {
		hint = "did you mean " + near + "?"
	}
	return nil, usage(name, "there is no such lesson", hint)
}

// number is the number before the first hyphen of a name, empty where there is
// none.
func number(id string) string {
	n := 0
	for n < len(id) && id[n] >= '0' && id[n] <= '9' {
		n++
	}
	if n == 0 || n == len(id) || id[n] != '-' {
		return ""
	}
	return strings.TrimLeft(id[:n], "0")
}
