package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// profileName is the function of hunting that says what is known about files.
const profileName = "FileProfile"

// profileColumns are what it says, with types.
var profileColumns = []Column{
	{"SHA1", text}, {"SHA256", text}, {"MD5", text}, {"FileSize", types.Of(types.Int)}, {"GlobalPrevalence", types.Of(types.Int)}, {"GlobalFirstSeen", moment},
	{"GlobalLastSeen", moment}, {"Signer", text}, {"Issuer", text}, {"SignerHash", text}, {"IsCertificateValid", boolean}, {"IsRootSignerMicrosoft", boolean},
	{"SignatureState", text}, {"IsExecutable", boolean}, {"ThreatName", text}, {"Publisher", text}, {"SoftwareName", text}, {"ProfileAvailability", text},
}

// How many rows one call tells about.
const (
	profileLimit = 100
	profileMost  = 1000
)

// invoke binds a function that is given the rows before it.
func (b *binder) invoke(op *syntax.Invoke, in *relation) *relation {
	call, ok := op.Call.(*syntax.Call)
	if !ok {
		if path, is := op.Call.(*syntax.Path); is && outside(path.X) != "" {
			b.problem(path.Span, "The function '%s' is not offered in hunting: it would read outside the data of hunting.", outside(path.X))
			return b.failed()
		}
		b.problem(op.Call.Bounds(), "A function with its arguments is expected here.")
		return b.failed()
	}
	v := b.callExpr(call, in)
	if v.table == nil {
		if !v.failed() {
			b.problem(call.Span, "The function '%s' gives a scalar value, and a table is expected here.", syntax.Clip(call.Name.Text))
		}
		return b.failed()
	}
	return v.table
}

// invoked binds a call of a function that the query does not declare itself.
func (b *binder) invoked(x *syntax.Call, in *relation) value {
	if x.Name.Text == profileName {
		return rowsValue(x.Span, b.profile(x, in))
	}
	v := b.noFunction(x)
	if v.table == nil {
		return rowsValue(x.Span, b.failed())
	}
	return v
}

// profile looks up what is known about the file of each row: FileProfile(SHA1, 500).
func (b *binder) profile(x *syntax.Call, in *relation) *relation {
	n := &plan.Profile{Input: in.node, Hash: b.profileHash(x, in), Limit: b.profileLimit(x)}
	reference := &plan.Reference{Kind: plan.Reputation, Name: profileName, Start: x.Name.Start, End: x.Name.End}
	var added []*plan.Column
	for _, c := range profileColumns {
		stored := b.column(c.Name, c.Type)
		reference.Cols = append(reference.Cols, stored)
		o := plan.Output{Column: b.column(c.Name, c.Type), Expr: &plan.ColumnRef{Column: stored}}
		n.Added = append(n.Added, o)
		added = append(added, o.Column)
	}
	n.Table = reference
	b.spend(x.Span, len(added))
	var out []*plan.Column
	return b.overlaid(x.Span, in, n, added, &out)
}

// profileHash is by what files are looked up: a column with a hash, or its name as a string.
func (b *binder) profileHash(x *syntax.Call, in *relation) plan.Expr {
	var v value
	b.over(in, func() {
		switch {
		case len(x.Args) == 0:
			v = b.ref(syntax.Name{Span: x.Span, Text: "SHA1"})
		default:
			v = b.scalar(x.Args[0])
			if name, ok := v.text(); ok && v.literal {
				v = b.ref(syntax.Name{Span: v.at, Text: name})
			}
		}
		v = b.needScalar(v)
	})
	if len(x.Args) > 2 {
		b.problem(x.Span, "FileProfile() takes the column with the hash and how many rows to look up.")
	}
	if !v.failed() && v.t.Kind != types.String && v.t.Kind != types.Unknown {
		b.problem(v.at, "FileProfile() looks files up by a hash, and this is of type %s.", v.t)
	}
	return v.expr
}

func (b *binder) profileLimit(x *syntax.Call) plan.Expr {
	if len(x.Args) < 2 {
		return &plan.Literal{Of: long, Value: int64(profileLimit)}
	}
	v := b.wholeNumber(x.Args[1])
	if n, known := v.number(); known && (n < 1 || n > profileMost) {
		b.problem(v.at, "FileProfile() looks up 1 to %d rows.", profileMost)
	}
	return v.expr
}
