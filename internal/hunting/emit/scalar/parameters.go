package scalar

import (
	"regexp"
	"strconv"
)

var parameter = regexp.MustCompile(`\$[0-9]+`)

// Used gives a statement only the parameters that are in it, and numbers them anew: an engine wants neither more nor gaps. Where a
// part of an expression cannot matter, it is left out with its values.
func Used(statement string, parameters []any) (string, []any) {
	var used []any
	numbers := map[string]string{}
	statement = parameter.ReplaceAllStringFunc(statement, func(old string) string {
		if n, ok := numbers[old]; ok {
			return n
		}
		at, err := strconv.Atoi(old[1:])
		if err != nil || at < 1 || at > len(parameters) {
			return old
		}
		used = append(used, parameters[at-1])
		numbers[old] = "$" + strconv.Itoa(len(used))
		return numbers[old]
	})
	return statement, used
}
