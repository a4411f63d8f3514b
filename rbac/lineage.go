package rbac

// sameNumbers tells whether two snapshots number users and holders alike. A snapshot and what With makes of it do. Two that
// With made of one need not: each may have given the next number to somebody else.
func sameNumbers(a, b *Snapshot) bool {
	if a.lineage != b.lineage {
		return false
	}
	users := alike(&a.users, &b.users, func(x, y *userRow) bool {
		return x.user == nil || y.user == nil || x.user.Name == y.user.Name
	})
	return users && alike(&a.holders, &b.holders, func(x, y **holder) bool {
		p, q := *x, *y
		return p == q || p.kind == q.kind && p.user == q.user && (p.group == nil || q.group == nil || p.group.Name == q.group.Name)
	})
}

// alike tells whether same holds for each row that both have. Rows that both share are not looked at.
func alike[T any](a, b *vec[T], same func(x, y *T) bool) bool {
	both := min(a.len, b.len)
	for i := id(0); i < both; i++ {
		if n := i >> chunkBits; i&chunkMask == 0 && a.chunks[n] == b.chunks[n] {
			i |= chunkMask
			continue
		}
		if !same(a.at(i), b.at(i)) {
			return false
		}
	}
	return true
}
