package permissions_test

import (
	"context"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/permissions/imports"
	"github.com/bailiwick/bailiwick/rbac"
)

const none fault.Kind = 0

func exported(p imports.Product, text string) permissions.Import {
	return permissions.Import{Product: p, Files: []imports.File{{Name: "f", Data: []byte(text)}}}
}

// TestS14AnImportIsNoWayAround: who may change roles of a product imports no more than they could give, and nothing of
// another product.
func TestS14AnImportIsNoWayAround(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		actor string
		in    permissions.Import
		want  fault.Kind
	}{
		"a Global Administrator":                {"gus", exported(imports.CloudApps, "email,role\ntom,Global admin\n"), none},
		"who may change no roles":               {"tom", exported(imports.CloudApps, "email,role\ntom,Global admin\n"), fault.KindDenied},
		"who manages another product":           {"ed", exported(imports.CloudApps, "email,role\ned,Global admin\n"), fault.KindDenied},
		"global roles, by a product's manager":  {"ed", exported(imports.Directory, `[{"userPrincipalName":"ed"},{"displayName":"Global Administrator","roleTemplateId":"x","members":[{"userPrincipalName":"ed"}]}]`), fault.KindDenied},
		"unified roles, by a product's manager": {"ed", exported(imports.Unified, "role name,permissions,assignment name,data sources,users and groups\nR,Authorization (manage),a,All data sources,ed\n"), fault.KindDenied},
		"a product's roles, by its manager":     {"ed", exported(imports.Endpoint, `[{"name":"New","permissions":["Alerts investigation"]}]`), none},
	} {
		t.Run(name, func(t *testing.T) {
			h := newCentre(t)
			before := h.snapshot().Revision()
			_, err := h.ApplyImport(ctx, as(c.actor), c.in)
			if fault.KindOf(err) != c.want {
				t.Fatalf("%v, want %v", err, c.want)
			}
			if _, err := h.PlanImport(ctx, as(c.actor), c.in); c.want != none && fault.KindOf(err) != c.want {
				t.Errorf("the preview: %v", err)
			}
			if c.want != none && h.snapshot().Revision() != before {
				t.Error("refused, and yet something changed")
			}
		})
	}
}

func TestAnImportIsOfOnePieceAndRecorded(t *testing.T) {
	ctx := context.Background()
	h := newCentre(t)
	in := exported(imports.Endpoint, `[{"name":"New","permissions":["Alerts investigation"]}]`)
	made, err := h.ApplyImport(ctx, as("gus"), in)
	if err != nil || made.Revision != h.snapshot().Revision() {
		t.Fatalf("%+v %v", made, err)
	}
	last := h.entries()[0]
	if last.Operation != "imports.apply" || last.Object != "import:endpoint" || !strings.Contains(string(last.After), "+ role endpoint/New") {
		t.Errorf("the record: %+v", last)
	}
	entries, revision := len(h.entries()), made.Revision
	if again, err := h.ApplyImport(ctx, as("gus"), in); err != nil || again.Revision != revision || len(h.entries()) != entries {
		t.Errorf("again: %+v %v", again, err)
	}
	// The last administrator stays, whatever the directory says.
	if _, err := h.ApplyImport(ctx, as("gus"), exported(imports.Directory, `[{"userPrincipalName":"gus","accountEnabled":false},{"displayName":"Security Reader","roleTemplateId":"x","members":[]}]`)); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("undecided: %v", err)
	}
	in = exported(imports.Directory, `[{"userPrincipalName":"gus","accountEnabled":false},{"displayName":"Security Reader","roleTemplateId":"x","members":[]}]`)
	in.Conflicts = imports.Theirs
	if _, err := h.ApplyImport(ctx, as("gus"), in); fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), "last Global Administrator") {
		t.Errorf("%v", err)
	}
	in.Product, in.Files[0].Data = imports.Endpoint, []byte(`[{"name":"New","permissions":["Live response - Basic"]}]`)
	in.Revision = 1
	if _, err := h.ApplyImport(ctx, as("gus"), in); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "stale") {
		t.Errorf("%v", err)
	}
	if origin, ok := h.Origin(ctx, h.snapshot(), "role:endpoint/new"); !ok || origin.Product != "endpoint" || origin.File != "f" {
		t.Errorf("%+v", origin)
	}
	if _, ok := h.Origin(ctx, h.snapshot(), imports.ID(imports.KindUser, "gus")); ok {
		t.Error("a user whom nobody imported has an origin")
	}
}

// An imported role that is deleted here and brought back is the one that was imported: the next export finds it as it is,
// and while it is gone its deletion is a conflict, not a silent return.
func TestADeletedImportComesBackAsWhatWasImported(t *testing.T) {
	ctx := context.Background()
	h := newCentre(t)
	in := exported(imports.Endpoint, `[{"name":"New","permissions":["Alerts investigation"],"groups":["eu"]}]`)
	_, err := h.ApplyImport(ctx, as("gus"), in)
	must(t, err)
	id := h.roleID(rbac.Endpoint, "New")
	must(t, h.do("gus", permissions.DeleteRole(id)))
	if plan, err := h.PlanImport(ctx, as("gus"), in); err != nil || len(plan.Open()) == 0 {
		t.Fatalf("gone: %v, conflicts %v", err, plan.Open())
	}
	_, err = h.restore("gus", permissions.Restoration{RoleID: id})
	must(t, err)
	if got := h.roleID(rbac.Endpoint, "New"); got != id {
		t.Errorf("it came back as another: %s, was %s", got, id)
	}
	if origin, ok := h.Origin(ctx, h.snapshot(), "role:endpoint/new"); !ok || origin.Product != "endpoint" {
		t.Errorf("its origin: %+v", origin)
	}
	before := h.snapshot().Revision()
	again, err := h.ApplyImport(ctx, as("gus"), in)
	must(t, err)
	if again.Revision != before || len(again.Open()) > 0 {
		t.Errorf("imported again: %+v", again)
	}
}
