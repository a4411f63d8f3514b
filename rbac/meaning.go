package rbac

import (
	"fmt"
	"math/bits"
	"strings"
)

// word is what a role or a holder opens: one bit for each capability of each workload.
type word uint64

// wordBits is how many bits a workload has in a word: one for each capability.
const wordBits uint = uint(capabilityCount) - 1

func bit(w Workload, c Capability) word {
	if w == NoWorkload || c == NoCapability || w > Other || c > ManageSettings {
		return 0
	}
	return 1 << (uint(w-1)*wordBits + uint(c-1))
}

const endpointMask word = 1<<wordBits - 1

func (w word) count() int { return bits.OnesCount64(uint64(w)) }

// opened lists the word's bits in the table's order.
func (w word) opened() []Opened {
	if w == 0 {
		return nil
	}
	list := make([]Opened, 0, w.count())
	for ; w != 0; w &= w - 1 {
		n := uint(bits.TrailingZeros64(uint64(w)))
		list = append(list, Opened{Workload(n/wordBits) + 1, Capability(n%wordBits) + 1})
	}
	return list
}

// meaning is the catalogue compiled: what each permission and global role opens. It is made once and shared.
type meaning struct {
	catalog       *Catalog
	rows          [capabilityCount]*Requirement
	applies       word // a bit where the row has a cell
	filled        word // a bit where the cell names something
	filledUnified word // a bit where the cell names a unified permission
	permissions   map[permissionKey]*permissionMeaning
	offered       [workloadCount][]*permissionMeaning // those that a custom role may hold, in the document's order
	globals       map[string]*GlobalRole
}

type permissionKey struct {
	workload Workload
	name     string
}

type permissionMeaning struct {
	Permission
	opens word
}

func compileCatalog(c *Catalog) (*meaning, error) {
	m := &meaning{
		catalog:     c,
		permissions: make(map[permissionKey]*permissionMeaning, len(c.Permissions)),
		globals:     make(map[string]*GlobalRole, len(c.GlobalRoles)),
	}
	for _, p := range c.Permissions {
		meant := &permissionMeaning{Permission: p}
		m.permissions[permissionKey{p.Workload, p.Name}] = meant
		if !p.Reserved {
			m.offered[p.Workload] = append(m.offered[p.Workload], meant)
		}
	}
	for i := range c.Requirements {
		row := &c.Requirements[i]
		if row.Capability == NoCapability || m.rows[row.Capability] != nil {
			return nil, fmt.Errorf("requirement %s: capability %q is missing or stands twice", row.ID, row.Capability)
		}
		m.rows[row.Capability] = row
		for w, cell := range row.Cells {
			m.applies |= bit(w, row.Capability)
			for _, name := range cell.AnyOf {
				m.filled |= bit(w, row.Capability)
				p := m.permissions[permissionKey{keeper(w), name}]
				if p == nil {
					return nil, fmt.Errorf("requirement %s, %s: unknown permission %q", row.ID, w, name)
				}
				p.opens |= bit(w, row.Capability)
			}
			for _, name := range cell.Unified {
				m.filledUnified |= bit(w, row.Capability)
				p := m.permissions[permissionKey{Unified, name}]
				if p == nil {
					return nil, fmt.Errorf("requirement %s, %s: unknown unified permission %q", row.ID, w, name)
				}
				p.opens |= bit(w, row.Capability)
			}
		}
	}
	if err := m.include(); err != nil {
		return nil, err
	}
	for i := range c.GlobalRoles {
		m.globals[c.GlobalRoles[i].Name] = &c.GlobalRoles[i]
	}
	return m, nil
}

// include lets what comes with a permission open what it opens. What is included is listed whole: inclusion is not
// followed further.
func (m *meaning) include() error {
	alone := make(map[permissionKey]word, len(m.permissions))
	for key, p := range m.permissions {
		alone[key] = p.opens
	}
	for key, p := range m.permissions {
		for _, name := range p.Includes {
			other := permissionKey{key.workload, name}
			if m.permissions[other] == nil {
				return fmt.Errorf("permission %q includes the unknown %q", p.Name, name)
			}
			p.opens |= alone[other]
		}
	}
	return nil
}

// keeper is the workload whose permissions fill w's cells: identity has no column of its own, cloud apps governs
// it (R13, S2).
func keeper(w Workload) Workload {
	if w == Identity {
		return CloudApps
	}
	return w
}

// roleWord is what the role's permissions open together (S1), and what is wrong with the role, if anything.
func (m *meaning) roleWord(r Role) (word, error) {
	var opens word
	for _, name := range r.Permissions {
		p := m.permissions[permissionKey{r.Workload, name}]
		if p == nil {
			return 0, fmt.Errorf("role %q: unknown %s permission %q", r.Name, r.Workload, name)
		}
		if p.Reserved && r.Kind != BuiltInRole {
			return 0, fmt.Errorf("role %q: only built-in roles may hold %q", r.Name, name)
		}
		opens |= p.opens
	}
	return opens, nil
}

// globalWord is what a global role opens with the roles switch as given (S4, S5, S10, S16).
func (m *meaning) globalWord(g *GlobalRole, endpointRoles bool) word {
	if g.Administrator {
		return m.applies
	}
	var opens word
	for w := Endpoint; w <= Other; w++ {
		for _, c := range g.Opens {
			// Alerts of products outside the four are changed by the administrators alone (S10).
			if w == Other && c.Changes() {
				continue
			}
			// The switch takes the table's rows away, not the centre's own: a reader of roles stays one.
			if w == Endpoint && endpointRoles && c <= AnalyticsEmail {
				continue
			}
			opens |= bit(w, c)
		}
		if !endpointRoles {
			for _, c := range g.WhileRolesOff {
				if w != Other {
					opens |= bit(w, c)
				}
			}
		}
	}
	return opens & m.applies
}

func fold(name string) string { return strings.ToLower(name) }
