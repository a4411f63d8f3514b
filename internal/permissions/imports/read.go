package imports

import (
	"fmt"
	"strings"

	"github.com/bailiwick/bailiwick/rbac"
)

// Read reads the exports of one product, all of them or none.
func Read(p Product, files []File) (*Brought, error) {
	b := &reader{Brought: Brought{Product: p}, seen: map[string]Object{}}
	take := map[Product]func(File, []record) error{
		Endpoint: b.endpoint, Office365: b.office365, CloudApps: b.cloudApps, Identity: b.identity, Directory: b.directory, Unified: b.unified,
	}[p]
	if take == nil {
		return nil, wrong(Place{}, "endpoint, office365, cloudapps, identity, directory or unified", "%q is no product", p)
	}
	if len(files) == 0 {
		return nil, wrong(Place{}, "a file", "there is nothing to read")
	}
	names := map[string]bool{}
	for _, f := range files {
		if names[f.Name] {
			return nil, wrong(Place{File: f.Name}, "each file once", "is there twice")
		}
		names[f.Name] = true
		list, err := records(f)
		if err != nil {
			return nil, err
		}
		if err := take(f, list); err != nil {
			return nil, err
		}
	}
	for _, finish := range b.finish {
		if err := finish(); err != nil {
			return nil, err
		}
	}
	return &b.Brought, nil
}

// How long texts may be that people wrote, in characters; addresses of people may be longer than names.
const (
	maxName        = 320
	maxDescription = 2000
)

// reader gathers what the files of one product say. What one file says of another's things is put together at the end.
type reader struct {
	Brought
	seen   map[string]Object
	finish []func() error
	state  any // what a product's reader gathers from several files
}

// add keeps an object. What stands twice must be the same twice.
func (b *reader) add(o Object) error {
	kind := map[Kind]string{KindUser: "user", KindGroup: "group", KindDeviceGroup: "device group", KindRole: "role"}[o.Kind]
	if kind != "" {
		if problem := rbac.NameProblem(kind, o.State.Name); problem != "" {
			return wrong(o.At, "a name", "the %s %q %s", kind, o.State.Name, problem)
		}
	}
	if len([]rune(o.State.Name)) > maxName || len([]rune(o.State.DisplayName)) > maxName || len([]rune(o.State.Description)) > maxDescription {
		return wrong(o.At, "at most 200 characters for a name and 2000 for a description", "%.60s has a name or a description that is too long", o.Title)
	}
	id := o.ID()
	if first, twice := b.seen[id]; twice {
		if first.State.Text() != o.State.Text() {
			return wrong(o.At, "each once", "%s is there twice, and not the same: the first is %s", o.Title, first.At)
		}
		return nil
	}
	b.seen[id] = o
	b.Objects = append(b.Objects, o)
	return nil
}

func (b *reader) out(k Kind, name string, at Place, why string, args ...any) {
	b.Out = append(b.Out, Ineligible{Kind: k, Name: name, At: at, Why: fmt.Sprintf(why, args...)})
}

func (b *reader) note(line string, args ...any) {
	line = fmt.Sprintf(line, args...)
	for _, known := range b.Notes {
		if known == line {
			return
		}
	}
	b.Notes = append(b.Notes, line)
}

// grant is a role with those who have it, as it comes out of an export; whatever is wrong with one of it is wrong with all of it:
// half a role is not what the product has.
type grant struct {
	role      State
	product   bool // the role comes with the product: only who has it is taken
	to        []State
	at        Place
	problems  []string
	permitted []string // of the role, unresolved
}

func (g *grant) problem(why string, args ...any) {
	g.problems = append(g.problems, fmt.Sprintf(why, args...))
}

// keep adds the role and its assignments, or tells why it is not eligible.
func (b *reader) keep(g *grant) error {
	title := g.role.Workload.String() + "/" + g.role.Name
	if len(g.problems) > 0 {
		b.out(KindRole, title, g.at, "%s", strings.Join(g.problems, "; "))
		return nil
	}
	if !g.product {
		if err := b.add(role(g.role, g.at)); err != nil {
			return err
		}
	}
	for _, to := range g.to {
		to.Workload, to.Name = g.role.Workload, g.role.Name
		if err := b.add(assignment(to, g.at)); err != nil {
			return err
		}
	}
	return nil
}
