package web

import "slices"

// Page cuts one page out of a sorted list: the items whose key is after the given one, and the key of the last of
// them if more follow. Keys are unique.
func Page[T any](items []T, key func(T) string, after string, limit int) (page []T, next string) {
	start := 0
	if after != "" {
		start, _ = slices.BinarySearchFunc(items, after, func(item T, after string) int {
			if key(item) <= after {
				return -1
			}
			return 1
		})
	}
	rest := items[start:]
	if limit <= 0 || len(rest) <= limit {
		return rest, ""
	}
	return rest[:limit], key(rest[limit-1])
}
