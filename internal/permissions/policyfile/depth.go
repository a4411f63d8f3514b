package policyfile

import "github.com/goccy/go-yaml/token"

// tooDeep finds where tokens nest deeper than maxDepth, before the parser descends: it calls itself once a level, and
// the end of a goroutine's stack ends the program. Quoted brackets are texts here, so they can't hide open ones.
func tooDeep(tokens token.Tokens) (place, bool) {
	var columns []int            // of the blocks that are open
	flow, line, chain := 0, 0, 0 // chain: values of values, as in a: b: c
	opens := false
	for _, t := range tokens {
		at := place{t.Position.Line, t.Position.Column}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow = max(0, flow-1)
		case token.CollectEntryType:
			chain = 0
		case token.MappingValueType:
			chain++
		}
		if flow == 0 && at.line != line {
			chain = 0
		}
		if flow == 0 && (opens || at.line != line) {
			for len(columns) > 0 && columns[len(columns)-1] > at.column {
				columns = columns[:len(columns)-1]
			}
			if len(columns) == 0 || columns[len(columns)-1] < at.column {
				columns = append(columns, at.column)
			}
		}
		if flow > maxDepth || len(columns) > maxDepth || chain > 2*maxDepth {
			return at, true
		}
		line = at.line
		opens = t.Type == token.SequenceEntryType || t.Type == token.MappingKeyType || t.Type == token.TagType || t.Type == token.AnchorType
	}
	return place{}, false
}
