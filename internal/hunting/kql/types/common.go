package types

// Conversion is how far a value may be changed to fit.
type Conversion uint8

// The conversions, each with those before it.
const (
	None       Conversion = iota
	Promotable            // to a wider number
	Compatible            // between numbers, also to a narrower one
	ToDynamic             // into a dynamic value
)

// wider says which number types hold all values of another.
func wider(a, than Kind) bool {
	switch a {
	case Long:
		return than == Int
	case Real:
		return than == Int || than == Long
	case Decimal:
		return than == Int || than == Long || than == Real
	}
	return false
}

// widens says whether a value of one type becomes one of another by itself. A dynamic value reads as text.
func widens(from, to Type) bool {
	return wider(to.Kind, from.Kind) || to.Kind == String && from.Kind == Dynamic && from.Shape == nil ||
		from.Kind == Dynamic && from.Shape != nil && from.Shape.Form != Primitive && to.Kind == Dynamic && to.Shape == nil
}

// Fits says whether a value can stand where another type is wanted.
func Fits(want, have Type, allowed Conversion) bool {
	switch {
	case Same(want, have):
		return true
	case want.Kind == Error || have.Kind == Error:
		return false
	case want.Kind == Unknown || have.Kind == Unknown:
		return true
	case want.Kind == Dynamic && want.Shape == nil:
		return have.Kind == Dynamic || allowed >= ToDynamic
	case want.Kind == Dynamic && have.Kind == Dynamic && have.Shape != nil:
		return fitsShape(want, have, allowed)
	case want.Kind == Dynamic:
		return false
	case allowed == Promotable:
		return widens(have, want)
	case allowed >= Compatible:
		return widens(have, want) || widens(want, have)
	}
	return false
}

func fitsShape(want, have Type, allowed Conversion) bool {
	if want.Shape.Form != have.Shape.Form {
		return false
	}
	if want.Shape.Form == Bag {
		return len(want.Shape.Properties) == 0 || Same(want, have)
	}
	return allowed != None && want.Shape.Elem.Kind == Dynamic || Fits(want.Shape.Elem, have.Shape.Elem, allowed)
}

// Widest gives the widest number type among these.
func Widest(list ...Type) Type {
	widest := Of(Error)
	for _, t := range list {
		if t.Kind == Unknown {
			return t
		}
		if t.IsNumber() && (widest.Kind == Error || wider(t.Kind, widest.Kind)) {
			widest = t
		}
	}
	return widest
}

// Promoted gives long for int: sums and results of arithmetic do not fit in 32 bits.
func Promoted(t Type) Type {
	if t.Kind == Int {
		return Of(Long)
	}
	return t
}

// Common gives the type that values of two types have together.
func Common(a, b Type, allowed Conversion) (Type, bool) {
	switch {
	case Same(a, b):
		return a, true
	case a.Kind == Null:
		return b, true
	case b.Kind == Null:
		return a, true
	case a.Kind == Unknown || b.Kind == Unknown:
		return Of(Unknown), true
	case a.Kind == Dynamic && a.Shape == nil || b.Kind == Dynamic && b.Shape == nil:
		return Any, true
	case allowed >= Promotable && widens(a, b):
		return b, true
	case allowed >= Promotable && widens(b, a):
		return a, true
	case a.Kind == Dynamic && b.Kind == Dynamic && a.Shape.Form == b.Shape.Form:
		return commonShape(a, b, allowed), true
	case a.Kind == Dynamic && b.Kind == Dynamic:
		return Any, true
	case a.Kind == Dynamic && a.Shape.Form == Primitive:
		return commonPrimitive(a.Shape.Elem, b, allowed)
	case b.Kind == Dynamic && b.Shape.Form == Primitive:
		return commonPrimitive(a, b.Shape.Elem, allowed)
	case allowed >= ToDynamic && a.Kind != Error && b.Kind != Error:
		return Any, true
	}
	return Of(Error), false
}

func commonPrimitive(a, b Type, allowed Conversion) (Type, bool) {
	t, ok := Common(a, b, allowed)
	if !ok {
		if allowed >= ToDynamic {
			return Any, true
		}
		return t, false
	}
	return DynamicOf(t), true
}

func commonShape(a, b Type, allowed Conversion) Type {
	switch a.Shape.Form {
	case Array:
		if Same(a.Shape.Elem, b.Shape.Elem) {
			return a
		}
		return AnyArray
	case Bag:
		var both []Property
		for _, p := range a.Shape.Properties {
			for _, q := range b.Shape.Properties {
				if p.Name == q.Name {
					t, _ := Common(p.Type, q.Type, ToDynamic)
					both = append(both, Property{p.Name, t})
				}
			}
		}
		return BagOf(both...)
	}
	if t, ok := Common(a.Shape.Elem, b.Shape.Elem, allowed); ok {
		return DynamicOf(t)
	}
	return Any
}

// CommonOf gives the type that all of these have together.
func CommonOf(list []Type, allowed Conversion) (Type, bool) {
	common := Of(Error)
	for i, t := range list {
		if i == 0 {
			common = t
			continue
		}
		var ok bool
		if common, ok = Common(common, t, allowed); !ok {
			return common, false
		}
	}
	return common, len(list) > 0
}
