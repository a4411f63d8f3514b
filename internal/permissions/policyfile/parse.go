package policyfile

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"

	"github.com/bailiwick/bailiwick/internal/fault"
)

const (
	maxDepth = 32
	opening  = "read the policy file"
)

// Parse reads a policy file. The error is a fault.Error that names each place and what would be right there.
func Parse(name string, data []byte) (*File, error) {
	if len(data) > MaxSize {
		return nil, fault.Invalid(opening, "%s: is larger than %d MB", name, MaxSize>>20)
	}
	d := &decoder{file: name}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // as some editors begin a file
	if at, ok := notText(data); ok {
		d.wrong(at, "UTF-8 text", "a byte that is no text")
		return nil, d.err()
	}
	root, err := d.tree(data)
	if err != nil {
		return nil, err
	}
	f := d.document(root)
	f.Name, f.source = name, data
	if err := d.err(); err != nil {
		return nil, err
	}
	return f, nil
}

// notText finds a byte that text does not have.
func notText(data []byte) (place, bool) {
	at := bytes.IndexByte(data, 0)
	if at < 0 {
		if utf8.Valid(data) {
			return place{}, false
		}
		for at = 0; at < len(data); {
			r, size := utf8.DecodeRune(data[at:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			at += size
		}
	}
	before := data[:at]
	return place{1 + bytes.Count(before, []byte("\n")), at - bytes.LastIndexByte(before, '\n')}, true
}

// tree parses the YAML, and refuses what could make a small file large or mean something else than it says.
func (d *decoder) tree(data []byte) (root ast.Node, err error) {
	defer func() {
		// The parser's own faults must not end the program.
		if r := recover(); r != nil {
			root, err = nil, fault.Invalid(opening, "%s: is no YAML that can be read", d.file)
		}
	}()
	tokens := lexer.Tokenize(string(data))
	if at, deep := tooDeep(tokens); deep {
		d.wrong(at, "", "nested deeper than %d levels", maxDepth)
		return nil, d.err()
	}
	parsed, err := parser.Parse(tokens, 0)
	if err != nil {
		at, problem := place{1, 1}, err.Error()
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) {
			problem = syntax.Message
			if t := syntax.Token; t != nil && t.Position != nil {
				at = place{t.Position.Line, t.Position.Column}
			}
		}
		d.wrong(at, "", "%s", strings.SplitN(problem, "\n", 2)[0])
		return nil, d.err()
	}
	docs := slices.DeleteFunc(slices.Clone(parsed.Docs), func(doc *ast.DocumentNode) bool { return doc.Body == nil })
	switch len(docs) {
	case 0:
		d.wrong(place{1, 1}, "apiVersion: "+APIVersion, "the file is empty")
	case 1:
		root = docs[0].Body
		ast.Walk(&plainOnly{d: d}, root)
	default:
		d.wrong(placeOf(docs[1].Body), "one document", "a second document")
	}
	return root, d.err()
}

// plainOnly refuses anchors, aliases, merge keys and tags: the file says what it says, once.
type plainOnly struct {
	d     *decoder
	depth int
}

func (p *plainOnly) Visit(n ast.Node) ast.Visitor {
	at := placeOf(n)
	switch n.(type) {
	case *ast.AnchorNode:
		p.d.wrong(at, "the value itself", "anchors (&) are not taken")
		return nil
	case *ast.AliasNode:
		p.d.wrong(at, "the value itself", "aliases (*) are not taken; a text that begins with * goes in quotes")
		return nil
	case *ast.MergeKeyNode:
		p.d.wrong(at, "the keys themselves", "merge keys (<<) are not taken")
		return nil
	case *ast.TagNode:
		p.d.wrong(at, "the value itself", "tags (!) are not taken")
		return nil
	case *ast.DirectiveNode:
		p.d.wrong(at, "", "directives (%%) are not taken")
		return nil
	}
	if p.depth > 2*maxDepth {
		p.d.wrong(at, "", "nested deeper than %d levels", maxDepth)
		return nil
	}
	return &plainOnly{p.d, p.depth + 1}
}
