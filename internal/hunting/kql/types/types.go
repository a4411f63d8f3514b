// Package types is the types of KQL values and how they go together.
package types

// Kind is a scalar type.
type Kind uint8

// The scalar types. Unknown is of a value of which only the data will tell, as a column that bag_unpack makes; Error is of what
// has a problem already.
const (
	Error Kind = iota
	Unknown
	Bool
	Int
	Long
	Real
	Decimal
	String
	DateTime
	TimeSpan
	GUID
	Dynamic
	Null // the null inside a dynamic literal
	Name // a type that is named as a value: typeof(string)
)

var kindNames = [...]string{"error", "unknown", "bool", "int", "long", "real", "decimal", "string", "datetime", "timespan", "guid", "dynamic", "null", "type"}

func (k Kind) String() string { return kindNames[k] }

// Type is the type of a value. Of a dynamic one more may be known: what is in it.
type Type struct {
	Kind  Kind
	Shape *Shape // of Dynamic; nil when anything may be in it
}

// Form is what a dynamic value is.
type Form uint8

// The forms of dynamic values.
const (
	Primitive Form = iota
	Array
	Bag
)

// Shape is what is known to be in a dynamic value.
type Shape struct {
	Form       Form
	Elem       Type // of Primitive and Array
	Properties []Property
}

// Property is one that a bag is known to have.
type Property struct {
	Name string
	Type Type
}

// Of gives a type of which nothing more than its kind is known.
func Of(k Kind) Type { return Type{Kind: k} }

// String names the type as KQL does. What only data will tell is dynamic.
func (t Type) String() string {
	if t.Kind == Unknown {
		return "dynamic"
	}
	return t.Kind.String()
}

var byName = map[string]Kind{
	"bool": Bool, "boolean": Bool, "int": Int, "int32": Int, "uint": Int, "uint32": Int, "int8": Int, "uint8": Int, "int16": Int, "uint16": Int,
	"long": Long, "int64": Long, "ulong": Long, "uint64": Long, "real": Real, "double": Real, "float": Real, "decimal": Decimal, "string": String,
	"datetime": DateTime, "date": DateTime, "timespan": TimeSpan, "time": TimeSpan, "guid": GUID, "uuid": GUID, "uniqueid": GUID, "dynamic": Dynamic,
}

// Parse gives the type of a name.
func Parse(name string) (Type, bool) {
	k, ok := byName[name]
	return Of(k), ok
}

// IsInteger says whether values are whole numbers.
func (t Type) IsInteger() bool { return t.Kind == Int || t.Kind == Long || t.Kind == Unknown }

// IsNumber says whether values are numbers.
func (t Type) IsNumber() bool {
	return t.IsInteger() || t.Kind == Real || t.Kind == Decimal
}

// IsSummable says whether values can be added up.
func (t Type) IsSummable() bool {
	return t.IsNumber() || t.Kind == DateTime || t.Kind == TimeSpan
}

// IsOrderable says whether values have a least and a greatest.
func (t Type) IsOrderable() bool {
	return t.IsSummable() || t.Kind == Bool || t.Kind == String
}

// IsDynamic says whether the type is dynamic, whatever is in it.
func (t Type) IsDynamic() bool { return t.Kind == Dynamic }

// IsArray says whether the value may be an array.
func (t Type) IsArray() bool {
	return t.Kind == Dynamic && (t.Shape == nil || t.Shape.Form == Array)
}

// IsBag says whether the value may be a property bag.
func (t Type) IsBag() bool { return t.Kind == Dynamic && (t.Shape == nil || t.Shape.Form == Bag) }

// IsStringOrDynamic says whether the value can be read as text.
func (t Type) IsStringOrDynamic() bool { return t.Kind == String || t.Kind == Dynamic }

// Any is the dynamic type of which nothing more is known.
var Any = Of(Dynamic)

// DynamicOf gives the type of a dynamic value that is made of a value of another type.
func DynamicOf(t Type) Type {
	switch t.Kind {
	case Dynamic:
		return t
	case Int:
		t = Of(Long)
	case Bool, Long, Real, DateTime, TimeSpan, GUID, String:
	default:
		return Any
	}
	return Type{Dynamic, &Shape{Form: Primitive, Elem: t}}
}

// ArrayOf gives the type of an array of values.
func ArrayOf(t Type) Type {
	if t.Kind == Dynamic && t.Shape != nil && t.Shape.Form == Primitive {
		t = t.Shape.Elem
	}
	switch t.Kind {
	case Int:
		t = Of(Long)
	case Bool, Long, Real, DateTime, TimeSpan, GUID, String:
	case Dynamic:
	default:
		t = Any
	}
	return Type{Dynamic, &Shape{Form: Array, Elem: t}}
}

// AnyArray is an array of anything.
var AnyArray = ArrayOf(Any)

// BagOf gives the type of a bag with these properties, and maybe others.
func BagOf(properties ...Property) Type {
	if len(properties) > maxProperties {
		properties = nil // nothing is said of any
	}
	return Type{Dynamic, &Shape{Form: Bag, Properties: properties}}
}

// maxProperties is of how many properties of a bag the types are kept in mind.
const maxProperties = 1_000

// Property gives the type of a property of a bag. Where nothing is known, it is dynamic.
func (t Type) Property(name string) Type {
	if t.Shape != nil {
		for _, p := range t.Shape.Properties {
			if p.Name == name {
				return DynamicOf(p.Type)
			}
		}
	}
	return Any
}

// Element gives the type of an element of an array.
func (t Type) Element() Type {
	if t.Kind == Dynamic && t.Shape != nil && t.Shape.Form == Array {
		return DynamicOf(t.Shape.Elem)
	}
	return Any
}

// Unwrapped gives the type of what a dynamic value holds, where that is one value and known.
func (t Type) Unwrapped() Type {
	if t.Kind == Dynamic && t.Shape != nil && t.Shape.Form == Primitive {
		return t.Shape.Elem
	}
	return t
}

// Same says whether two types are the same, with all that is known about them.
func Same(a, b Type) bool {
	if a.Kind != b.Kind || (a.Shape == nil) != (b.Shape == nil) {
		return false
	}
	if a.Shape == nil || a.Shape == b.Shape {
		return true
	}
	if a.Shape.Form != b.Shape.Form || !Same(a.Shape.Elem, b.Shape.Elem) || len(a.Shape.Properties) != len(b.Shape.Properties) {
		return false
	}
	for i, p := range a.Shape.Properties {
		if q := b.Shape.Properties[i]; p.Name != q.Name || !Same(p.Type, q.Type) {
			return false
		}
	}
	return true
}
