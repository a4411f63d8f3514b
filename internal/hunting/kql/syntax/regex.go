package syntax

import (
	"regexp"
	"strings"
)

// regexEscapes are what stands behind a \ in a regular expression, and of it the characters by their number in ways that KQL knows and RE2 does not.
var regexEscapes = regexp.MustCompile(`(?s)\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U\{([0-9A-Fa-f]{1,6})\}|U([0-9A-Fa-f]{8})|.)`)

// Regex writes a regular expression of KQL as RE2 reads it: \u0400, \u{400} and \U00000400 as \x{0400}.
func Regex(pattern string) string {
	if !strings.Contains(pattern, `\u`) && !strings.Contains(pattern, `\U`) {
		return pattern
	}
	return regexEscapes.ReplaceAllStringFunc(pattern, func(escape string) string {
		for _, digits := range regexEscapes.FindStringSubmatch(escape)[1:] {
			if digits != "" {
				return `\x{` + digits + "}"
			}
		}
		return escape
	})
}
