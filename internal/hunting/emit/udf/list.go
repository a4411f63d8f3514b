package udf

import "sort"

func init() {
	add("bag_merge_list", "dl", Dynamic, func(a Args) any {
		list, _ := a.List(0)
		merged := &Bag{}
		index := map[string]bool{}
		most := int(min(max(a.L(1), 0), MaxElements))
		for _, v := range list {
			b, ok := v.(*Bag)
			if !ok {
				continue
			}
			for i, k := range b.Keys {
				if !index[k] && len(merged.Keys) < most {
					index[k] = true
					merged.Keys, merged.Values = append(merged.Keys, k), append(merged.Values, b.Values[i])
				}
			}
		}
		return JSON(merged)
	})
	add("weighted_percentile", "dr", Real, func(a Args) any {
		list, _ := a.List(0)
		type pair struct{ value, weight float64 }
		var pairs []pair
		total := 0.0
		for _, v := range list {
			two, _ := v.([]any)
			if len(two) != 2 {
				continue
			}
			value, ok := number(two[0])
			weight, also := number(two[1])
			if ok && also && weight > 0 {
				pairs = append(pairs, pair{value, weight})
				total += weight
			}
		}
		if len(pairs) == 0 {
			return nil
		}
		sort.Slice(pairs, func(i, j int) bool { return pairs[i].value < pairs[j].value })
		sum := 0.0
		for _, p := range pairs {
			if sum += p.weight; sum >= a.R(1)*total {
				return p.value
			}
		}
		return pairs[len(pairs)-1].value
	})
}
