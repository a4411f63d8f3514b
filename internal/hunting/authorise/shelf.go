package authorise

import (
	"slices"
	"strconv"

	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
)

// Feeds are those that the scan reads instead of a table.
func (s *Scan) Feeds() []lookup.Feed {
	if s == nil {
		return nil
	}
	return s.feeds
}

// Reputation is the file that tells of files, if the scan reads it and there is one.
func (s *Scan) Reputation() string {
	if s == nil {
		return ""
	}
	return s.reputation
}

func (s *Scan) files() []string {
	var list []string
	for _, f := range s.feeds {
		list = append(list, f.File)
	}
	if s.reputation != "" {
		list = append(list, s.reputation)
	}
	return list
}

// Shelf are the files that the plan looks up in, by the names that they have in its statement.
func (p *Plan) Shelf() map[string]string {
	shelf := map[string]string{}
	for _, file := range p.shelf {
		shelf[p.OnShelf(file)] = file
	}
	return shelf
}

// OnShelf is the name of a file in the plan's statement; empty: the plan does not read it.
func (p *Plan) OnShelf(file string) string {
	i := slices.Index(p.shelf, file)
	if i < 0 {
		return ""
	}
	return "look" + strconv.Itoa(i)
}

// Places is the file that tells where addresses are: of nobody, so that everybody who hunts may ask it.
func (p *Plan) Places() string { return p.rights.shelf.Places }
