package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/bailiwick/bailiwick/internal/store"
)

// isMarkdown tells a file that begins with front matter. JSON never begins so.
func isMarkdown(from *bufio.Reader) bool {
	begin, _ := from.Peek(8) // what there is, if it is less
	begin = bytes.TrimPrefix(begin, []byte("\xef\xbb\xbf"))
	return bytes.HasPrefix(begin, []byte("---\n")) || bytes.HasPrefix(begin, []byte("---\r\n"))
}

// maxFront is the size of a front matter: its names and lists are bounded, too.
const maxFront = 256 << 10

// readMarkdown reads a report: front matter in YAML between two lines of dashes, then its text.
func readMarkdown(name string, from io.Reader, sum *Summary, take func(store.Record) error) error {
	sum.Records = 1
	text, err := io.ReadAll(io.LimitReader(from, maxReport+maxFront+1))
	if err != nil {
		return err
	}
	fail := func(line int, p *problem) error { return located(name, 1, line, p) }
	switch {
	case len(text) > maxReport+maxFront:
		return fail(1, wrong("", fmt.Sprintf("at most %d bytes", maxReport+maxFront), "is a longer report"))
	case !utf8.Valid(text):
		return fail(1, wrong("", "UTF-8", "holds bytes that are not UTF-8"))
	case bytes.IndexByte(text, 0) >= 0:
		return fail(1, wrong("", "text without NUL", "holds the character NUL"))
	}
	text = bytes.ReplaceAll(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), []byte("\r\n"), []byte("\n"))
	front, content, ok := strings.Cut("\n"+strings.TrimPrefix(string(text), "---\n"), "\n---\n")
	if !ok {
		if front, ok = strings.CutSuffix(front, "\n---"); !ok {
			return fail(1, wrong("", "a line --- after the front matter", "has no end of its front matter"))
		}
	}
	if len(front) > maxFront {
		return fail(1, wrong("", fmt.Sprintf("at most %d bytes", maxFront), "has a front matter of %d bytes", len(front)))
	}
	y := &frontMatter{lines: map[string]int{}}
	o, err := y.object(front)
	if err == nil {
		if o.Get("content") != nil || o.Get("body") != nil {
			err = wrong("content", "the text after the front matter", "stands in the front matter")
		}
		o.Set("content", store.Quote(strings.TrimSpace(content)))
	}
	var p *store.Report
	if err == nil {
		p, err = report(o)
	}
	if err != nil {
		return fail(y.lineOf(err), asProblem(err))
	}
	sum.Reports++
	return take(store.Record{Report: p})
}

func asProblem(err error) *problem {
	var p *problem
	if errors.As(err, &p) {
		return p
	}
	return wrong("", "YAML", "is not YAML: %s", err)
}

// frontMatter turns YAML into the JSON that it stands for, and remembers the lines. Only what a report needs is taken: no
// anchors, no tags, no merging, which can make little text into much.
type frontMatter struct {
	lines map[string]int // by path
	last  int            // where a fault of the YAML itself is
}

// yamlPlace is how the parser begins what it says.
var yamlPlace = regexp.MustCompile(`^\[(\d+):\d+\] `)

func (y *frontMatter) object(text string) (store.Object, error) {
	y.last = 1
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		reason, _, _ := strings.Cut(err.Error(), "\n")
		if at := yamlPlace.FindStringSubmatch(reason); at != nil {
			y.last, _ = strconv.Atoi(at[1])
			reason = reason[len(at[0]):]
		}
		return nil, wrong("", "YAML between the lines of dashes", "is not YAML: %.200s", reason)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, wrong("", "names and values between the lines of dashes", "has no front matter")
	}
	value, err := y.value(file.Docs[0].Body, "", 1)
	if err != nil {
		return nil, err
	}
	o, err := store.ParseObject(value)
	if err != nil {
		return nil, wrong("", "names and values between the lines of dashes", "is %s", kindOf(value))
	}
	return o, nil
}

func (y *frontMatter) value(n ast.Node, path string, depth int) ([]byte, error) {
	y.last = n.GetToken().Position.Line
	if _, ok := y.lines[path]; !ok {
		y.lines[path] = y.last
	}
	if depth > 8 {
		return nil, wrong(path, "at most 8 levels", "is nested too deeply")
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return y.mapping(n.Values, path, depth)
	case *ast.MappingValueNode:
		return y.mapping([]*ast.MappingValueNode{n}, path, depth)
	case *ast.SequenceNode:
		var list []byte
		for i, e := range n.Values {
			v, err := y.value(e, path+"["+strconv.Itoa(i)+"]", depth+1)
			if err != nil {
				return nil, err
			}
			list = append(append(list, ','), v...)
		}
		return append(append([]byte{'['}, bytes.TrimPrefix(list, []byte(","))...), ']'), nil
	case *ast.NullNode:
		return []byte("null"), nil
	case *ast.LiteralNode:
		return store.Quote(n.Value.Value), nil
	case *ast.StringNode:
		return store.Quote(n.Value), nil
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		return nil, wrong(path, "a plain value", "has an anchor, an alias or a tag")
	case ast.ScalarNode:
		return store.Quote(n.GetToken().Value), nil // 2019 and yes are names, too
	}
	return nil, wrong(path, "text, a list or names and values", "is something else")
}

func (y *frontMatter) mapping(values []*ast.MappingValueNode, path string, depth int) ([]byte, error) {
	var o store.Object
	for _, v := range values {
		key, ok := v.Key.(ast.ScalarNode)
		if !ok {
			return nil, wrong(path, "a plain name", "has a name that is none")
		}
		name := key.GetToken().Value
		at := join(path, name)
		if o.Get(name) != nil {
			return nil, wrong(at, "each key once", "stands twice")
		}
		y.lines[at] = key.GetToken().Position.Line
		value, err := y.value(v.Value, at, depth+1)
		if err != nil {
			return nil, err
		}
		o = append(o, store.Member{Name: name, Value: value})
	}
	return o.JSON(), nil
}

// lineOf is the line of the member that an error is about: its own, or that of what holds it.
func (y *frontMatter) lineOf(err error) int {
	var p *problem
	if !errors.As(err, &p) || p.path == "" {
		return max(1, y.last)
	}
	for path := p.path; path != ""; path = path[:max(0, strings.LastIndexAny(path, ".["))] {
		for at, line := range y.lines {
			if foldKey(at) == foldKey(path) {
				return line
			}
		}
	}
	return 1
}
