package stories

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

// httpMain is a client as small as a story needs. It prints the body, JSON indented with its keys in order, on
// stdout and the status with the headers on stderr, and exits with 0 for a status below 400, else with 1.
func httpMain() {
	flags := flag.NewFlagSet("http", flag.ExitOnError)
	token := flags.String("t", "", "bearer token")
	jar := flags.String("j", "", "file that keeps the cookies")
	body := flags.String("d", "", "body")
	file := flags.String("f", "", "file with the body")
	output := flags.String("o", "", "write the answer as one text here, with what differs by request blanked out")
	var headers many
	flags.Var(&headers, "H", "header")
	_ = flags.Parse(os.Args[1:])
	if flags.NArg() != 2 {
		fatal("usage: http [flags] METHOD PATH")
	}
	method, target := flags.Arg(0), flags.Arg(1)
	if strings.HasPrefix(target, "/") {
		target = os.Getenv("URL") + target
	}
	content := []byte(*body)
	if *file != "" {
		text, err := os.ReadFile(*file)
		check(err)
		content = text
	}
	request, err := http.NewRequest(method, target, bytes.NewReader(content))
	check(err)
	if len(content) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	if *token != "" {
		request.Header.Set("Authorization", "Bearer "+*token)
	}
	if *jar != "" {
		if cookies, err := os.ReadFile(*jar); err == nil {
			request.Header.Set("Cookie", string(cookies))
		}
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ":")
		if strings.EqualFold(name, "host") {
			request.Host = strings.TrimSpace(value)
			continue
		}
		request.Header.Set(name, strings.TrimSpace(value))
	}
	client := &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	check(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	check(err)
	if *jar != "" {
		keep(*jar, answer)
	}
	show(answer, pretty(text))
	if *output != "" {
		check(os.WriteFile(*output, []byte(blank(answer, text, target)), 0o644))
	}
	if answer.StatusCode >= 400 {
		os.Exit(1)
	}
}

// keep stores the cookies. They are sent back over plain HTTP too: the server is on loopback, and the story wants
// to play a browser, not to judge the cookie's flags - those stand on stderr with the other headers.
func keep(jar string, answer *http.Response) {
	var cookies []string
	for _, c := range answer.Cookies() {
		if c.MaxAge >= 0 && c.Value != "" {
			cookies = append(cookies, c.Name+"="+c.Value)
		}
	}
	if len(answer.Cookies()) > 0 {
		check(os.WriteFile(jar, []byte(strings.Join(cookies, "; ")), 0o600))
	}
}

func show(answer *http.Response, text []byte) {
	fmt.Fprintln(os.Stderr, answer.Proto, answer.Status)
	names := make([]string, 0, len(answer.Header))
	for name := range answer.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range answer.Header[name] {
			fmt.Fprintf(os.Stderr, "%s: %s\n", name, value)
		}
	}
	_, _ = os.Stdout.Write(text)
}

func pretty(text []byte) []byte {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return text
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	check(encoder.Encode(value))
	return b.Bytes()
}

var uuid = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|"(request-id|client-request-id|requestId)": ?"[^"]*"`)
var moment = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z?`)

// blank writes an answer so that two can be compared: without the id that was asked for, the moment, and the
// request's own id.
func blank(answer *http.Response, text []byte, target string) string {
	path, _, _ := strings.Cut(target, "?")
	path = strings.TrimSuffix(path, "/comments")
	id := path[strings.LastIndex(path, "/")+1:]
	var b strings.Builder
	fmt.Fprintln(&b, answer.Status)
	names := make([]string, 0, len(answer.Header))
	for name := range answer.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		value := strings.Join(answer.Header[name], ", ")
		if name == "Date" || strings.EqualFold(name, "request-id") || strings.EqualFold(name, "content-length") || strings.EqualFold(name, "x-request-id") {
			value = "..."
		}
		fmt.Fprintf(&b, "%s: %s\n", name, value)
	}
	all := b.String() + string(pretty(text))
	all = strings.ReplaceAll(all, id, "ID")
	return moment.ReplaceAllString(uuid.ReplaceAllString(all, "..."), "WHEN")
}

type many []string

func (m *many) String() string     { return strings.Join(*m, ", ") }
func (m *many) Set(s string) error { *m = append(*m, s); return nil }

func check(err error) {
	if err != nil {
		fatal(err.Error())
	}
}

func fatal(text string) {
	fmt.Fprintln(os.Stderr, "http:", text)
	os.Exit(2)
}
