package functions

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// read reads one of the tables. They are part of the program: a mistake in one is a mistake in it.
func read(text string) map[string]*Function {
	table := map[string]*Function{}
	group := ""
	for i, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "## "):
			group = line[3:]
		case line == "" || line[0] == '#':
		default:
			if err := readLine(table, group, line); err != nil {
				panic(fmt.Sprintf("functions: line %d: %s: %v", i+1, line, err))
			}
		}
	}
	return table
}

func readKnown(text string) map[string]string {
	table := map[string]string{}
	for line := range strings.Lines(text) {
		if reason, names, ok := strings.Cut(line, ": "); ok && line[0] != '#' {
			for _, name := range strings.Fields(names) {
				table[name] = reason
			}
		}
	}
	return table
}

func readLine(table map[string]*Function, group, line string) error {
	line, instead, _ := strings.Cut(line, " ; now ")
	call, result, ok := strings.Cut(line, " -> ")
	if !ok {
		return fmt.Errorf("no result")
	}
	s := &Signature{}
	call, s.Pairs = strings.CutSuffix(call, " pairs")
	name, parameters, ok := strings.Cut(call, "(")
	if !ok || !strings.HasSuffix(parameters, ")") {
		return fmt.Errorf("no parameters")
	}
	for _, text := range splitOutside(parameters[:len(parameters)-1], ", ") {
		p, err := readParameter(text)
		if err != nil {
			return err
		}
		s.Parameters = append(s.Parameters, p)
	}
	f := table[name]
	if f == nil {
		f = &Function{Name: name, Group: group, Instead: instead}
		table[name] = f
	}
	f.Signatures = append(f.Signatures, s)
	result, naming, _ := strings.Cut(result, " as ")
	f.Naming, f.Prefix = readNaming(naming)
	var err error
	s.Result, err = readResult(result)
	return err
}

func readNaming(text string) (Naming, string) {
	prefix, argument := strings.CutSuffix(text, "_*")
	switch {
	case text == "":
		return Unnamed, ""
	case text == "*":
		return FirstArgument, ""
	case text == "* alone":
		return OnlyArgument, ""
	case text == "the column":
		return ColumnOfThatValue, ""
	case argument:
		return PrefixedArgument, prefix
	}
	return PrefixAlone, text
}

var results = map[string]Of{
	"first": First, "second": Second, "promotedFirst": PromotedFirst, "arrayOfFirst": ArrayOfFirst, "typeOfLast": NamedByLast,
	"common": Common, "commonNotDynamic": CommonNotDynamic, "widest": Widest,
}

func readResult(text string) (Result, error) {
	if rule, ok := strings.CutPrefix(text, "@"); ok {
		return Result{Of: Rule, Rule: rule}, nil
	}
	if of, ok := results[text]; ok {
		return Result{Of: of}, nil
	}
	t, err := readType(text)
	return Result{Type: t}, err
}

var wants = map[string]Want{
	"scalar": Scalar, "integer": Integer, "number": Number, "numberOrBool": NumberOrBool, "summable": Summable, "orderable": Orderable, "text": Text,
	"textOrArray": TextOrArray, "integerOrArray": IntegerOrArray, "array": ArrayValue, "bag": BagValue, "notBool": NotBool, "notDynamic": NotDynamic,
	"common": CommonScalar, "commonOrderable": CommonOrderable, "commonOrDynamic": CommonOrDynamic, "asFirst": AsFirst, "asSecond": AsSecond, "table": Table,
}

var arguments = map[string]Argument{
	"constant": Constant, "literal": Literal, "column": Column, "columnOfFirst": ColumnOfFirst, "commonColumn": CommonColumn, "aggregate": Aggregate,
	"star": Star, "orStar": OrStar,
}

func readParameter(text string) (Parameter, error) {
	name, rest, ok := strings.Cut(text, ": ")
	if !ok {
		return Parameter{}, fmt.Errorf("parameter %q has no type", text)
	}
	p := Parameter{Name: name, Min: 1, Max: 1}
	if optional, ok := strings.CutSuffix(rest, "?"); ok {
		rest, p.Min = optional, 0
	}
	if plain, count, ok := strings.Cut(rest, " ["); ok {
		rest = plain
		if err := readCount(strings.TrimSuffix(count, "]"), &p); err != nil {
			return p, err
		}
	}
	want, argument, _ := strings.Cut(rest, " ")
	if argument, values, ok := strings.Cut(argument, "("); ok {
		p.Argument, p.Values = arguments[argument], strings.Split(strings.TrimSuffix(values, ")"), "|")
	} else if argument != "" {
		if p.Argument, ok = arguments[argument]; !ok {
			return p, fmt.Errorf("parameter %q: what is %q", name, argument)
		}
	}
	if p.Want, ok = wants[want]; ok {
		return p, nil
	}
	for _, one := range strings.Split(want, "/") {
		t, err := readType(one)
		if err != nil {
			return p, err
		}
		p.Types = append(p.Types, t)
	}
	return p, nil
}

func readCount(text string, p *Parameter) (err error) {
	if least, ok := strings.CutSuffix(text, "+"); ok {
		p.Max = Many
		p.Min, err = strconv.Atoi(least)
		return err
	}
	least, most, _ := strings.Cut(text, "-")
	if p.Min, err = strconv.Atoi(least); err == nil {
		p.Max, err = strconv.Atoi(most)
	}
	return err
}

func readType(text string) (types.Type, error) {
	inner, nested := "", false
	if head, rest, ok := strings.Cut(text, "("); ok && strings.HasSuffix(rest, ")") {
		text, inner, nested = head, rest[:len(rest)-1], true
	}
	switch text {
	case "array":
		if !nested {
			return types.AnyArray, nil
		}
		t, err := readType(inner)
		return types.ArrayOf(t), err
	case "bag":
		var properties []types.Property
		for _, one := range splitOutside(inner, ", ") {
			name, of, _ := strings.Cut(one, ": ")
			t, err := readType(of)
			if err != nil {
				return t, err
			}
			properties = append(properties, types.Property{Name: name, Type: t})
		}
		return types.BagOf(properties...), nil
	case "type":
		return types.Of(types.Name), nil
	}
	t, ok := types.Parse(text)
	if !ok {
		return t, fmt.Errorf("no type %q", text)
	}
	return t, nil
}

// splitOutside splits where no bracket is open.
func splitOutside(text, by string) []string {
	var parts []string
	open, start := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '(', '[':
			open++
		case ')', ']':
			open--
		}
		if open == 0 && strings.HasPrefix(text[i:], by) {
			parts = append(parts, text[start:i])
			start = i + len(by)
		}
	}
	if start < len(text) {
		parts = append(parts, text[start:])
	}
	return parts
}
