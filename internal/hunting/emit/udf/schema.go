package udf

func init() {
	add("buildschema", "d", Dynamic, func(a Args) any {
		list, _ := a.List(0)
		var s shape
		for _, v := range list {
			s.admit(v, 0)
		}
		return JSON(s.describe())
	})
}

// shape is what values are, taken together.
type shape struct {
	kinds      []string // of those that are one value
	properties *Bag     // of those that are bags, each a *shape
	elements   *shape   // of those that are arrays
}

func (s *shape) admit(v any, depth int) {
	if depth > 20 || v == nil {
		return
	}
	switch x := v.(type) {
	case *Bag:
		if s.properties == nil {
			s.properties = &Bag{}
		}
		for i, k := range x.Keys {
			inner, ok := s.properties.Get(k)
			if !ok {
				if len(s.properties.Keys) >= 1_000 {
					continue
				}
				inner = &shape{}
				s.properties.Set(k, inner)
			}
			inner.(*shape).admit(x.Values[i], depth+1)
		}
	case []any:
		if s.elements == nil {
			s.elements = &shape{}
		}
		for _, e := range x {
			s.elements.admit(e, depth+1)
		}
	default:
		name := typeName(v)
		for _, k := range s.kinds {
			if k == name {
				return
			}
		}
		s.kinds = append(s.kinds, name)
	}
}

func (s *shape) describe() any {
	var all []any
	for _, k := range s.kinds {
		all = append(all, k)
	}
	if s.properties != nil || s.elements != nil {
		b := &Bag{}
		if s.elements != nil {
			b.Set("`indexer`", s.elements.describe())
		}
		if s.properties != nil {
			for i, k := range s.properties.Keys {
				b.Set(k, s.properties.Values[i].(*shape).describe())
			}
		}
		all = append(all, b)
	}
	if len(all) == 1 {
		return all[0]
	}
	if all == nil {
		return nil
	}
	return all
}
