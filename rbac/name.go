package rbac

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// NameProblem says why a text can't be the name of a kind of object (user, group, device group, role, ceiling), in words
// that follow the name; empty: it can. Two names that look alike must not be two, so what does not show is refused.
func NameProblem(kind, name string) string {
	switch {
	case name == "":
		return "has no name"
	case strings.TrimSpace(name) != name:
		return "begins or ends with space"
	case printable(name):
	case !utf8.ValidString(name):
		return "is no text"
	case strings.ContainsFunc(name, unicode.IsControl):
		return "has control characters"
	case strings.ContainsFunc(name, unseen):
		return "has characters that do not show: invisible ones, ones that turn the direction, or a space other than the common one"
	case name == "." || name == "..":
		return "can't be a name: no address would lead to it"
	}
	if kind != "user" && kind != "group" {
		return ""
	}
	for _, prefix := range []string{"group:", "local:"} {
		if strings.HasPrefix(fold(name), prefix) {
			return "can't begin with group: or local:"
		}
	}
	if kind == "group" && fold(name) == "everyone" {
		return "is what access lists call everybody"
	}
	return ""
}

// printable tells whether a name is of ASCII characters that show, and spaces: nearly all are, and it is told quickly.
func printable(name string) bool {
	for i := range len(name) {
		if name[i] < ' ' || name[i] > '~' {
			return false
		}
	}
	return name != "." && name != ".."
}

func unseen(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp) || (r != ' ' && unicode.Is(unicode.Zs, r)) || r == utf8.RuneError
}

func checkName(kind, name string) error {
	problem := NameProblem(kind, name)
	switch {
	case problem == "":
		return nil
	case name == "":
		return errors.New(kind + ": " + problem)
	}
	return fmt.Errorf("%s %q: %s", kind, name, problem)
}
