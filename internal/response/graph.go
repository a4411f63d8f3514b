package response

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/bailiwick/bailiwick/internal/outbox"
)

// Graph carries out device actions through the endpoint product's own API (machine actions), with the credentials of an
// application. Types that the API does not have are refused: route them elsewhere.
type Graph struct {
	base   *url.URL
	client *http.Client
}

// GraphConfig says where the API is and who calls it.
type GraphConfig struct {
	BaseURL      string // https://api.security.microsoft.com
	TokenURL     string
	ClientID     string
	ClientSecret string
	Scope        string
}

// NewGraph makes one.
func NewGraph(c GraphConfig) (*Graph, error) {
	base, err := url.Parse(strings.TrimSuffix(c.BaseURL, "/"))
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("baseUrl %q is no address", c.BaseURL)
	}
	credentials := clientcredentials.Config{ClientID: c.ClientID, ClientSecret: c.ClientSecret, TokenURL: c.TokenURL, Scopes: []string{c.Scope}}
	tokens := context.WithValue(context.Background(), oauth2.HTTPClient, outbox.ProductClient())
	client := credentials.Client(tokens)
	client.Timeout, client.CheckRedirect = outbox.SendTime, outbox.ProductClient().CheckRedirect
	return &Graph{base: base, client: client}, nil
}

// machineCalls are what the API calls the actions of a device, and how it spells their type.
var machineCalls = map[string]struct {
	call, kind string
	more       map[string]string
}{
	"isolateDevice":               {"isolate", "Isolate", map[string]string{"IsolationType": "Full"}},
	"unIsolateDevice":             {"unisolate", "Unisolate", nil},
	"runAntiVirusScan":            {"runAntiVirusScan", "RunAntiVirusScan", map[string]string{"ScanType": "Full"}},
	"collectInvestigationPackage": {"collectInvestigationPackage", "CollectInvestigationPackage", nil},
	"restrictAppExecution":        {"restrictCodeExecution", "RestrictCodeExecution", nil},
	"unRestrictAppExecution":      {"unrestrictCodeExecution", "UnrestrictCodeExecution", nil},
	"stopAndQuarantineFile":       {"StopAndQuarantineFile", "StopAndQuarantineFile", nil},
}

type machineAction struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Status     string `json:"status"`
	ExternalID string `json:"externalID"`
	MachineID  string `json:"machineId"`
	Comment    string `json:"requestorComment"`
}

// Hand implements Executor. A second attempt first looks whether the first one came through: the API knows no idempotency keys,
// but keeps the id and the comment that it is given.
func (g *Graph) Hand(ctx context.Context, o Order) (Answer, error) {
	call, ok := machineCalls[o.Type]
	switch {
	case !ok:
		return Answer{}, outbox.Refusal(fmt.Errorf("the API has no %s", TitleOf(o.Type)))
	case o.Target.Device == "":
		return Answer{}, outbox.Refusal(errors.New("the API needs a device"))
	case o.Type == "stopAndQuarantineFile" && o.Target.SHA1 == "":
		return Answer{}, outbox.Refusal(errors.New("the API needs the SHA-1 of the file"))
	}
	if o.Attempt > 1 {
		found, is, err := g.sent(ctx, o, call.kind)
		if err != nil || is {
			return found, err
		}
	}
	body := map[string]string{"Comment": note(o), "ExternalId": o.Key}
	for name, value := range call.more {
		body[name] = value
	}
	if o.Type == "stopAndQuarantineFile" {
		body["Sha1"] = o.Target.SHA1
	}
	var made machineAction
	if err := g.call(ctx, http.MethodPost, "/api/machines/"+url.PathEscape(o.Target.Device)+"/"+call.call, nil, body, &made); err != nil {
		return Answer{}, err
	}
	return made.answer()
}

// note is what the API keeps with the action; our id in it finds the action again.
func note(o Order) string {
	return strings.TrimSpace(fmt.Sprintf("%s [Bailiwick %s, approved by %s]", o.Comment, o.Key, o.Approver))
}

// clockSkew is how far the product's clock may be behind ours.
const clockSkew = 5 * time.Minute

// sent looks for the order among what the device was told since it was first handed over.
func (g *Graph) sent(ctx context.Context, o Order, kind string) (Answer, bool, error) {
	filter := fmt.Sprintf("machineId eq '%s' and type eq '%s' and creationDateTimeUtc gt %s",
		strings.ReplaceAll(o.Target.Device, "'", "''"), kind, o.FirstSent.Add(-clockSkew).UTC().Format(time.RFC3339))
	var page struct {
		Value []machineAction `json:"value"`
	}
	if err := g.call(ctx, http.MethodGet, "/api/machineactions", url.Values{"$filter": {filter}}, nil, &page); err != nil {
		return Answer{}, false, err
	}
	for _, m := range page.Value {
		if m.ExternalID == o.Key || strings.Contains(m.Comment, "[Bailiwick "+o.Key+",") {
			a, err := m.answer()
			return a, true, err
		}
	}
	return Answer{}, false, nil
}

// Ask implements Executor.
func (g *Graph) Ask(ctx context.Context, o Order) (Answer, error) {
	var m machineAction
	if err := g.call(ctx, http.MethodGet, "/api/machineactions/"+url.PathEscape(o.Remote), nil, nil, &m); err != nil {
		if refused := outbox.Final(err); refused != nil {
			err = refused // it has taken the order: what it says of asking is no end of it
		}
		return Answer{}, err
	}
	return m.answer()
}

// Pace implements Executor.
func (g *Graph) Pace() time.Duration { return 15 * time.Second }

func (m machineAction) answer() (Answer, error) {
	a := Answer{Remote: m.ID, Outcome: "machine action " + m.ID + ": " + m.Status}
	switch strings.ToLower(m.Status) {
	case "succeeded":
		a.Event = Succeed
	case "failed", "cancelled", "timeout":
		a.Event = Fail
	case "pending", "inprogress":
	default:
		return a, fmt.Errorf("machine action %q has the status %q, which is not known", shorten(m.ID), shorten(m.Status))
	}
	if m.ID == "" {
		return a, errors.New("the API answered with a machine action without an id")
	}
	return a, nil
}

func (g *Graph) call(ctx context.Context, method, path string, query url.Values, body, into any) error {
	to := *g.base
	to.RawPath = to.EscapedPath() + path
	unescaped, err := url.PathUnescape(to.RawPath)
	if err != nil {
		return err
	}
	to.Path, to.RawQuery = unescaped, query.Encode()
	var text []byte
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, to.String(), bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "application/json")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := g.client.Do(r)
	if err != nil {
		return unreached(err)
	}
	defer answer.Body.Close()
	if err := outbox.Refused("the executor", answer); err != nil {
		return err
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, mostAnswer)).Decode(into); err != nil {
		return fmt.Errorf("read the API's answer: %w", err)
	}
	return nil
}
