package graph

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// The options that each kind of request takes. Any other that begins with $ is refused: a client that asks for a
// filter of ours and gets the whole list instead believes that everything matched.
var (
	ofAlerts    = []string{"$filter", "$top", "$skip", "$orderby", "$count", "$select", "$search", "$skiptoken"}
	ofIncidents = append(slices.Clone(ofAlerts), "$expand")
	ofAlert     = []string{"$select"}
	ofIncident  = []string{"$select", "$expand"}
	ofChange    = []string{}
)

// errUnsupported marks a refusal that has a code of its own.
var errUnsupported = errors.New("unsupported option")

func unsupported(err error) bool { return errors.Is(err, errUnsupported) }

// read reads the options of a request, and the headers that shape its answer.
func read(r *http.Request, taken []string) (investigation.Query, error) {
	q := investigation.Query{Form: formOf(r)}
	for name, values := range r.URL.Query() {
		option := name
		if !strings.HasPrefix(option, "$") { // Graph takes its options without the sign, too
			option = "$" + option
		}
		option = strings.ToLower(option)
		if !slices.Contains(taken, option) {
			if strings.HasPrefix(name, "$") {
				return q, &fault.Error{Kind: fault.KindInvalid, Reason: fmt.Sprintf("Query option '%.60s' is not supported here", name), Err: errUnsupported}
			}
			continue // Others are the client's own, and mean nothing here.
		}
		if len(values) != 1 {
			return q, fault.Invalid("", "Query option '%s' was given more than once", option)
		}
		if err := take(&q, option, values[0]); err != nil {
			return q, err
		}
	}
	return q, nil
}

func take(q *investigation.Query, option, value string) error {
	var err error
	switch option {
	case "$filter":
		q.Filter = value
	case "$orderby":
		q.OrderBy = value
	case "$skiptoken":
		q.SkipToken = value
	case "$search":
		q.Search = strings.Trim(value, `"`)
	case "$top":
		if q.Top, err = strconv.Atoi(value); err != nil || q.Top < 1 {
			return fault.Invalid("", "Invalid value '%.40s' for $top: want a number above zero", value)
		}
	case "$skip":
		if q.Skip, err = strconv.Atoi(value); err != nil || q.Skip < 0 {
			return fault.Invalid("", "Invalid value '%.40s' for $skip: want a number", value)
		}
	case "$count":
		switch strings.ToLower(value) {
		case "true":
			q.Count = true
		case "false":
		default:
			return fault.Invalid("", "Invalid value '%.40s' for $count: want true or false", value)
		}
	case "$select":
		for _, name := range strings.Split(value, ",") {
			if name = strings.TrimSpace(name); name != "" && name != "*" {
				q.Form.Select = append(q.Form.Select, name)
			}
		}
		if len(q.Form.Select) > 100 {
			return fault.Invalid("", "Invalid $select: it names more than 100 properties")
		}
	case "$expand":
		if strings.TrimSpace(value) != "alerts" {
			return fault.Invalid("", "Invalid $expand '%.60s': want alerts", value)
		}
		q.Expand = true
	}
	return nil
}

// formOf reads how objects are wanted.
func formOf(r *http.Request) investigation.Form {
	return investigation.Form{UnknownMembers: wantsUnknownMembers(r), Actions: r.Header.Get("Bailiwick-Actions") == "include",
		Rest: func(incident string, from int) string {
			query := url.Values{"$filter": {"incidentId eq '" + strings.ReplaceAll(incident, "'", "''") + "'"}, "$orderby": {"createdDateTime asc"},
				"$top": {"250"}, "$skip": {strconv.Itoa(from)}}
			return web.Origin(r) + "/v1.0/security/alerts_v2?" + strings.ReplaceAll(query.Encode(), "%24", "$")
		}}
}

func wantsUnknownMembers(r *http.Request) bool {
	for _, value := range r.Header.Values("Prefer") {
		for preference := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(preference), "include-unknown-enum-members") {
				return true
			}
		}
	}
	return false
}
