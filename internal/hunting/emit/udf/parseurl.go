package udf

import (
	"strings"
)

func init() {
	add("parse_url", "s", Dynamic, func(a Args) any { return JSON(parseURL(a.S(0))) })
	add("parse_urlquery", "s", Dynamic, func(a Args) any {
		q := strings.TrimPrefix(a.S(0), "?")
		return JSON(bagOf("Query Parameters", queryParameters(q)))
	})
	add("parse_path", "s", Dynamic, func(a Args) any { return JSON(parsePath(a.S(0))) })
	add("parse_csv", "s", Dynamic, func(a Args) any { return parseCSV(a.S(0)) })
	add("parse_version", "s", Text, func(a Args) any { return parseVersion(a.S(0)) })
	add("parse_command_line", "ss", Dynamic, func(a Args) any {
		if !strings.EqualFold(a.S(1), "windows") || strings.TrimSpace(a.S(0)) == "" {
			return nil
		}
		return JSON(commandLine(a.S(0)))
	})
}

// bagOf makes a bag of names and values that take turns.
func bagOf(pairs ...any) *Bag {
	b := &Bag{}
	for i := 0; i+1 < len(pairs); i += 2 {
		b.Keys, b.Values = append(b.Keys, pairs[i].(string)), append(b.Values, pairs[i+1])
	}
	return b
}

func queryParameters(q string) *Bag {
	b := &Bag{}
	if q == "" {
		return b
	}
	for i, pair := range strings.Split(q, "&") {
		if i >= 10_000 {
			break
		}
		k, v, _ := strings.Cut(pair, "=")
		if k != "" {
			b.Set(k, v)
		}
	}
	return b
}

// parseURL takes an address apart as it is written, without decoding anything.
func parseURL(s string) *Bag {
	rest, fragment, _ := strings.Cut(s, "#")
	rest, query, _ := strings.Cut(rest, "?")
	scheme, user, password, host, port := "", "", "", "", ""
	path := rest
	if before, after, ok := strings.Cut(rest, "://"); ok {
		scheme = before
		authority, _, _ := strings.Cut(after, "/")
		path = after[len(authority):]
		if i := strings.LastIndexByte(authority, '@'); i >= 0 {
			user, password, _ = strings.Cut(authority[:i], ":")
			authority = authority[i+1:]
		}
		host = authority
		if i := strings.LastIndexByte(authority, ':'); i >= 0 && !strings.HasSuffix(authority, "]") {
			host, port = authority[:i], authority[i+1:]
		}
	}
	return bagOf("Scheme", scheme, "Host", host, "Port", port, "Path", path, "Username", user, "Password", password,
		"Query Parameters", queryParameters(query), "Fragment", fragment)
}

// parsePath takes the path of a file apart, with slashes of either kind.
func parsePath(s string) *Bag {
	scheme, rest := "", s
	if before, after, ok := strings.Cut(s, "://"); ok && !strings.ContainsAny(before, `\/`) {
		scheme, rest = before, after
	}
	stream := ""
	last := strings.LastIndexAny(rest, `\/`)
	if i := strings.IndexByte(rest[last+1:], ':'); i >= 0 && (last >= 0 || i > 1) {
		stream, rest = rest[last+1+i+1:], rest[:last+1+i]
	}
	directory, file := "", rest
	if last >= 0 {
		directory, file = rest[:last], rest[last+1:]
	}
	root := ""
	for _, start := range []string{"", `\\?\`} {
		if r, ok := strings.CutPrefix(directory, start); ok && len(r) >= 2 && r[1] == ':' && isTerm(r[0]) {
			root = r[:2]
		}
	}
	name := directory[strings.LastIndexAny(directory, `\/`)+1:]
	if strings.HasSuffix(name, ":") {
		name = ""
	}
	extension := ""
	if i := strings.LastIndexByte(file, '.'); i >= 0 {
		extension = file[i+1:]
	}
	return bagOf("Scheme", scheme, "RootPath", root, "DirectoryPath", directory, "DirectoryName", name, "Filename", file, "Extension", extension,
		"AlternateDataStreamName", stream)
}

// parseCSV gives the fields of the first record.
func parseCSV(s string) any {
	if s == "" {
		return nil
	}
	fields := []string{}
	for {
		field, rest, more := csvField(s)
		fields = append(fields, field)
		if !more {
			return JSON(fields)
		}
		s = rest
	}
}

func csvField(s string) (field, rest string, more bool) {
	if strings.HasPrefix(strings.TrimLeft(s, " "), `"`) {
		t := strings.TrimLeft(s, " ")[1:]
		var b strings.Builder
		for i := 0; i < len(t); i++ {
			if t[i] != '"' {
				b.WriteByte(t[i])
				continue
			}
			if i+1 < len(t) && t[i+1] == '"' {
				b.WriteByte('"')
				i++
				continue
			}
			after := t[i+1:]
			n := strings.IndexAny(after, ",\r\n")
			if n < 0 || after[n] != ',' {
				return b.String(), "", false
			}
			return b.String(), after[n+1:], true
		}
		return b.String(), "", false
	}
	n := strings.IndexAny(s, ",\r\n")
	if n < 0 {
		return s, "", false
	}
	return s[:n], s[n+1:], s[n] == ','
}

// parseVersion makes a number of up to four parts, each of up to eight digits, by which versions can be ordered.
func parseVersion(s string) any {
	parts := strings.Split(strings.TrimSpace(s), ".")
	if len(parts) > 4 {
		return ""
	}
	var b strings.Builder
	for i := range 4 {
		part := "0"
		if i < len(parts) {
			part = parts[i]
		}
		if part == "" || len(part) > 8 || strings.Trim(part, "0123456789") != "" {
			return ""
		}
		b.WriteString(strings.Repeat("0", 8-len(part)) + part)
	}
	n := strings.TrimLeft(b.String(), "0")
	if n == "" {
		n = "0"
	}
	return n
}

// commandLine takes a command line apart as Windows does for a program's arguments.
func commandLine(s string) []string {
	args := []string{}
	for i := 0; ; {
		for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
			i++
		}
		if i >= len(s) || len(args) > 10_000 {
			return args
		}
		var b strings.Builder
		quoted := false
		for i < len(s) && (quoted || s[i] != ' ' && s[i] != '\t') {
			backslashes := 0
			for i < len(s) && s[i] == '\\' {
				backslashes++
				i++
			}
			if i < len(s) && s[i] == '"' {
				b.WriteString(strings.Repeat(`\`, backslashes/2))
				switch {
				case backslashes%2 == 1:
					b.WriteByte('"')
				case quoted && i+1 < len(s) && s[i+1] == '"':
					b.WriteByte('"')
					i++
				default:
					quoted = !quoted
				}
				i++
				continue
			}
			b.WriteString(strings.Repeat(`\`, backslashes))
			if i < len(s) && (quoted || s[i] != ' ' && s[i] != '\t') {
				b.WriteByte(s[i])
				i++
			}
		}
		args = append(args, b.String())
	}
}
