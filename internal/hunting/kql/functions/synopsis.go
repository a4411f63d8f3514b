package functions

import (
	"slices"
	"strings"
	"sync"
)

// Synopsis is how a function can be called, in the words of the tables.
type Synopsis struct {
	Name      string
	Calls     []string // with what they give
	Group     string
	Aggregate bool // of many rows
}

// Synopses are the functions that a query can use and should, by name. Those that others have taken the place of are left out.
var Synopses = sync.OnceValue(func() []Synopsis {
	var list []Synopsis
	at := map[string]int{}
	for aggregate, text := range map[bool]string{false: scalarText, true: aggregateText} {
		group := ""
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			switch {
			case strings.HasPrefix(line, "## "):
				group = line[3:]
				continue
			case line == "" || line[0] == '#' || strings.Contains(line, " ; now "):
				continue
			}
			name, _, _ := strings.Cut(line, "(")
			call, _, _ := strings.Cut(line, " as ")
			call = strings.Replace(call, " pairs -> ", " -> ", 1)
			i, there := at[name]
			if !there {
				i, at[name] = len(list), len(list)
				list = append(list, Synopsis{Name: name, Group: group, Aggregate: aggregate})
			}
			list[i].Calls = append(list[i].Calls, call)
			list[i].Aggregate = list[i].Aggregate || aggregate
		}
	}
	slices.SortFunc(list, func(a, b Synopsis) int { return strings.Compare(a.Name, b.Name) })
	for _, s := range list {
		slices.Sort(s.Calls)
	}
	return list
})
