package syntax

// What people write who come from other languages, and how KQL says it.
var (
	foreignSigns = map[rune]string{
		'&': "write 'and'", '!': "write not() around a value, or != and !in between two", '\u201c': `write "`, '\u201d': `write "`, '\u2018': "write '",
		'\u2019': "write '", '`': "a name with signs in it is written ['like this']", '\\': `put @ before a string to write \ in it`,
	}
	foreignWords = map[string]string{
		"not": "write !in, !has, !between or not(...)", "is": "write isnull(...) or isnotnull(...)", "AND": "write 'and'", "OR": "write 'or'", "And": "write 'and'", "Or": "write 'or'",
		"IN": "write 'in'", "WHERE": "write '| where'", "FROM": "a query begins with the table: Table | where ... | project ...",
	}
)

// foreign says how to write something in KQL, as the end of a message.
func foreign(t token) string {
	if hint := foreignWords[t.text]; t.kind == word && hint != "" {
		return "; " + hint
	}
	return ""
}
