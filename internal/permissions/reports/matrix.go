package reports

import (
	"strings"

	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/rbac"
)

// part is how many rows of the matrix are in memory at a time.
const part = 1000

// matrixRow is a person, or a role, and all that they may do or it opens.
type matrixRow struct {
	Principal   string        `json:"principal,omitempty"`
	DisplayName string        `json:"displayName,omitempty"`
	Role        string        `json:"role,omitempty"`
	Of          rbac.Workload `json:"roleWorkload,omitzero"`
	Reason      rbac.Reason   `json:"reason"` // allowed, or why there is nothing at all
	Cells       []matrixCell  `json:"cells"`
}

type matrixCell struct {
	Workload     rbac.Workload   `json:"workload"`
	Capability   rbac.Capability `json:"capability"`
	Allowed      bool            `json:"allowed"`   // on the whole workload, or the device group that was asked about (S17)
	Somewhere    bool            `json:"somewhere"` // on some device group at least
	DeviceGroups []string        `json:"deviceGroups,omitempty"`
	Reason       rbac.Reason     `json:"reason"`
}

func (c matrixCell) text() string {
	switch {
	case c.Allowed:
		return "yes"
	case c.Reason == rbac.NotApplicable:
		return "not applicable"
	case c.Somewhere && len(c.DeviceGroups) > 0:
		return "on: " + joined(c.DeviceGroups)
	case c.Somewhere:
		return "in part"
	}
	return "no"
}

func (r matrixRow) cells() []string {
	out := []string{r.Principal, r.DisplayName, ""}
	if r.Role != "" {
		out = []string{r.Role, r.Of.String(), ""}
	}
	if r.Reason != rbac.Allowed {
		out[2] = string(r.Reason)
	}
	for _, c := range r.Cells {
		out = append(out, c.text())
	}
	return out
}

// ofMatrix asks for the first part at once: a refusal comes before the first line.
func (r *Report) ofMatrix(a *permissions.Asker) error {
	ask := r.question()
	first, err := a.Matrix(ask)
	if err != nil {
		return err
	}
	r.columns = []string{"principal", "displayName", "reason"}
	if ask.Roles {
		r.columns = []string{"role", "workload", "reason"}
	}
	if len(first.Rows) > 0 {
		for _, c := range first.Rows[0].Cells {
			r.columns = append(r.columns, c.Capability.String()+" in "+c.Workload.String())
		}
	}
	r.rows = func(yield func(row, error) bool) {
		for m := first; ; {
			for _, found := range m.Rows {
				if !yield(matrixRowOf(found), nil) {
					return
				}
			}
			if m.Next == "" {
				return
			}
			ask.After = m.Next
			err := r.still()
			if err == nil {
				m, err = a.Matrix(ask)
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
	return nil
}

func (r *Report) question() permissions.MatrixQuery {
	q := r.Query
	ask := permissions.MatrixQuery{
		Roles: q.Of == RoleMatrix, Group: q.Group, Role: q.Role, Capability: q.Capability, Workload: q.Workload, DeviceGroup: q.DeviceGroup,
		OnlyHas: q.OnlyHas, At: r.At, Limit: part,
	}
	if ask.Roles {
		ask.Role = ""
		ask.KeepRole = func(role rbac.Role) bool {
			return (q.Role == "" || permissions.RoleID(role) == q.Role) && contains(q.Search, role.Name)
		}
		return ask
	}
	if q.Principal != "" || q.Search != "" {
		ask.Keep = func(u rbac.User) bool {
			return (q.Principal == "" || u.Name == strings.ToLower(q.Principal)) && contains(q.Search, u.Name, u.DisplayName)
		}
	}
	return ask
}

func matrixRowOf(found rbac.MatrixRow) matrixRow {
	out := matrixRow{Principal: found.User.Name, DisplayName: found.User.DisplayName, Role: found.Role.Name, Of: found.Role.Workload, Reason: found.Reason}
	for _, c := range found.Cells {
		out.Cells = append(out.Cells, matrixCell{c.Workload, c.Capability, c.Allowed, c.Somewhere, c.DeviceGroups, c.Reason})
	}
	return out
}

// contains tells whether one of the texts has q in it, whatever the case.
func contains(q string, texts ...string) bool {
	for _, text := range texts {
		if strings.Contains(strings.ToLower(text), strings.ToLower(q)) {
			return true
		}
	}
	return false
}
