package udf

import (
	"encoding/xml"
	"io"
	"strings"
)

func init() {
	add("parse_xml", "s", Dynamic, func(a Args) any { return parseXML(a.S(0)) })
}

type element struct {
	name string
	bag  *Bag
	text strings.Builder
}

// parseXML makes a bag of an element: its attributes with an @, its text as #text, those in it by their names.
func parseXML(s string) any {
	if strings.TrimSpace(s) == "" || len(s) > MaxText {
		return nil
	}
	d := xml.NewDecoder(strings.NewReader(s))
	d.Strict = true
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	stack := []*element{{bag: &Bag{}}}
	for {
		token, err := d.Token()
		if err == io.EOF {
			if len(stack) != 1 || len(stack[0].bag.Keys) == 0 {
				return nil
			}
			return JSON(stack[0].bag)
		}
		if err != nil || len(stack) > maxNesting {
			return nil
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			e := &element{name: xmlName(t.Name), bag: &Bag{}}
			for _, attribute := range t.Attr {
				e.bag.Set("@"+xmlName(attribute.Name), attribute.Value)
			}
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
			stack[len(stack)-1].take(top.name, top.value())
		case xml.CharData:
			top.text.Write(t)
		}
	}
}

func xmlName(n xml.Name) string {
	if n.Space != "" && !strings.Contains(n.Space, "/") {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

func (e *element) take(name string, v any) {
	before, again := e.bag.Get(name)
	if !again {
		e.bag.Set(name, v)
		return
	}
	if list, isList := before.([]any); isList {
		e.bag.Set(name, append(list, v))
	} else {
		e.bag.Set(name, []any{before, v})
	}
}

func (e *element) value() any {
	text := strings.TrimSpace(e.text.String())
	switch {
	case len(e.bag.Keys) == 0 && text == "":
		return nil
	case len(e.bag.Keys) == 0:
		return text
	case text != "":
		e.bag.Set("#text", text)
	}
	return e.bag
}
