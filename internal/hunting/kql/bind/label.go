package bind

import (
	"strconv"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
)

// labelOf is how a column is called that is made of a call alone; empty for a name that only its place gives.
func labelOf(f *functions.Function, args []value) string {
	first := ""
	if len(args) > 0 {
		first = args[0].label
	}
	switch f.Naming {
	case functions.FirstArgument:
		return first
	case functions.PrefixedArgument:
		return f.Prefix + "_" + first
	case functions.PrefixAlone:
		return f.Prefix
	case functions.OnlyArgument:
		if len(args) == 1 {
			return first
		}
	}
	return ""
}

// unique gives names that are not taken: with a number behind those that are.
type unique map[string]int

func (u unique) take(name string) { u[name] += 0 }

func (u unique) of(name, base string) string {
	last, taken := u[name]
	if !taken {
		u[name] = 0
		return name
	}
	if base == "" {
		base = name
	}
	for n := last + 1; ; n++ {
		made := base + strconv.Itoa(n)
		if _, taken := u[made]; !taken {
			u[name] = n
			u[made] = 0
			return made
		}
	}
}
