package udf

func init() {
	add("set_has_element", "dd", Bool, func(a Args) any {
		list, ok := a.List(0)
		if !ok {
			return nil
		}
		v := a.D(1)
		for _, e := range list {
			if same(e, v) {
				return true
			}
		}
		return false
	})
	add("set_union", "d*", Dynamic, func(a Args) any {
		s := newSet()
		for i := range a {
			list, ok := a.List(i)
			if !ok {
				return nil
			}
			s.add(list)
		}
		return JSON(s.list)
	})
	add("set_intersect", "d*", Dynamic, func(a Args) any { return withOthers(a, true) })
	add("set_difference", "d*", Dynamic, func(a Args) any { return withOthers(a, false) })
	add("set_equals", "dd", Bool, func(a Args) any {
		x, ok := a.List(0)
		y, also := a.List(1)
		if !ok || !also {
			return nil
		}
		s, t := newSet(), newSet()
		s.add(x)
		t.add(y)
		for k := range s.seen {
			if !t.seen[k] {
				return false
			}
		}
		return len(s.seen) == len(t.seen)
	})
	add("jaccard_index", "dd", Real, func(a Args) any {
		x, ok := a.List(0)
		y, also := a.List(1)
		if !ok || !also {
			return nil
		}
		s, t := newSet(), newSet()
		s.add(x)
		t.add(y)
		both := 0
		for k := range s.seen {
			if t.seen[k] {
				both++
			}
		}
		return float64(both) / float64(len(s.seen)+len(t.seen)-both)
	})
	add("set_of", "dl", Dynamic, func(a Args) any {
		list, _ := a.List(0)
		s := newSet()
		for _, v := range list {
			if inner, ok := v.([]any); ok { // a set of arrays is one of what is in them
				s.add(inner)
			} else {
				s.add([]any{v})
			}
		}
		return JSON(s.list[:min(int64(len(s.list)), max(a.L(1), 0))])
	})
	add("bag_keys", "d", Dynamic, func(a Args) any {
		b, ok := a.D(0).(*Bag)
		if !ok {
			return nil
		}
		return JSON(b.Keys)
	})
	add("bag_has_key", "ds", Bool, func(a Args) any {
		b, ok := a.D(0).(*Bag)
		if !ok {
			return nil
		}
		if _, ok := b.Get(a.S(1)); ok {
			return true
		}
		p, ok := pathOf(a.S(1))
		return ok && len(p) > 0 && at2(b, p) != nil
	})
	add("bag_merge", "d*", Dynamic, func(a Args) any {
		merged := &Bag{}
		any := false
		for i := range a {
			b, ok := a.D(i).(*Bag)
			if !ok {
				continue
			}
			any = true
			for j, k := range b.Keys {
				if _, known := merged.Get(k); !known {
					merged.Set(k, b.Values[j])
				}
			}
		}
		if !any {
			return nil
		}
		return JSON(merged)
	})
	add("bag_remove_keys", "dd", Dynamic, func(a Args) any {
		b, ok := a.D(0).(*Bag)
		if !ok {
			return nil
		}
		var v any = b
		for _, k := range textsOf(a.D(1)) {
			if _, plain := b.Get(k); plain {
				v = without(v, []any{k})
			} else if p, ok := pathOf(k); ok && len(p) > 0 {
				v = without(v, p)
			}
		}
		return JSON(v)
	})
	add("bag_set_key", "dsd", Dynamic, func(a Args) any {
		v := a.D(0)
		if v == nil {
			v = &Bag{}
		}
		b, ok := v.(*Bag)
		if !ok {
			return nil
		}
		p := []any{a.S(1)}
		if q, ok := pathOf(a.S(1)); ok && len(q) > 0 { // "$" alone leads nowhere: it is a key
			p = q
		}
		return JSON(with(b, p, a.D(2)))
	})
	add("bag_zip", "dd", Dynamic, func(a Args) any {
		keys, ok := a.List(0)
		values, also := a.List(1)
		if !ok || !also {
			return nil
		}
		b := &Bag{}
		index := map[string]bool{}
		for i, k := range keys {
			name, isText := k.(string)
			if !isText || index[name] {
				continue
			}
			index[name] = true
			b.Keys, b.Values = append(b.Keys, name), append(b.Values, get(values, int64(i)))
		}
		return JSON(b)
	})
	add("treepath", "d", Dynamic, func(a Args) any {
		list := []any{}
		paths(a.D(0), "", &list)
		return JSON(list)
	})
}

type setOf struct {
	seen map[string]bool
	list []any
}

func newSet() *setOf { return &setOf{seen: map[string]bool{}, list: []any{}} }

func (s *setOf) add(list []any) {
	for _, v := range list {
		if k := keyOf(v); !s.seen[k] {
			s.seen[k] = true
			s.list = append(s.list, v)
		}
	}
}

// withOthers keeps what is in all other sets, or in none of them.
func withOthers(a Args, inAll bool) any {
	first, ok := a.List(0)
	if !ok {
		return nil
	}
	var others []*setOf
	for i := 1; i < len(a); i++ {
		list, ok := a.List(i)
		if !ok {
			return nil
		}
		s := newSet()
		s.add(list)
		others = append(others, s)
	}
	s := newSet()
	s.add(first)
	kept := []any{}
	for _, v := range s.list {
		k, keep := keyOf(v), true
		for _, o := range others {
			keep = keep && o.seen[k] == inAll
		}
		if keep {
			kept = append(kept, v)
		}
	}
	return JSON(kept)
}

// paths lists the ways to what is in a value.
func paths(v any, prefix string, list *[]any) {
	if len(*list) > 10_000 {
		return
	}
	add := func(p string, v any) {
		*list = append(*list, p)
		paths(v, p, list)
	}
	switch x := v.(type) {
	case *Bag:
		for i, k := range x.Keys {
			add(prefix+"['"+k+"']", x.Values[i])
		}
	case []any:
		if len(x) > 0 {
			add(prefix+"[0]", x[0])
		}
	}
}
