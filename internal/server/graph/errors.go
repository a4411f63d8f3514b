package graph

import (
	"net/http"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// errorBody is how Graph refuses.
type errorBody struct {
	Error struct {
		Code       string        `json:"code"`
		Message    string        `json:"message"`
		Details    []errorDetail `json:"details,omitempty"`
		InnerError struct {
			Date            string `json:"date"`
			RequestID       string `json:"request-id"`
			ClientRequestID string `json:"client-request-id"`
		} `json:"innerError"`
	} `json:"error"`
}

type errorDetail struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Target  string `json:"target,omitempty"`
}

var codes = map[int]string{
	http.StatusBadRequest:          "BadRequest",
	http.StatusUnauthorized:        "InvalidAuthenticationToken",
	http.StatusForbidden:           "Forbidden",
	http.StatusNotFound:            "ResourceNotFound",
	http.StatusConflict:            "Conflict",
	http.StatusPreconditionFailed:  "PreconditionFailed",
	http.StatusServiceUnavailable:  "ServiceUnavailable",
	http.StatusInternalServerError: "UnknownError",
}

// WriteError answers a refusal in Graph's manner.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	status := web.Status(err)
	details, lacks := web.DetailsOf(err)
	var list []errorDetail
	for _, d := range details {
		message := d.Problem
		if d.Want != "" {
			message += ": want " + d.Want
		}
		list = append(list, errorDetail{codes[status], message, d.Where})
	}
	for _, lack := range lacks {
		list = append(list, errorDetail{Code: codes[status], Message: lack})
	}
	code := codes[status]
	if unsupported(err) {
		code = "UnsupportedQueryParameter"
	}
	writeError(w, r, status, code, fault.Message(err), list, err)
}

// WriteStatus answers what none of the six kinds says.
func WriteStatus(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	writeError(w, r, status, code, message, nil, nil)
}

func writeError(w http.ResponseWriter, r *http.Request, status int, code, message string, details []errorDetail, err error) {
	id := web.RequestOf(r.Context()).ID
	client := web.Echo(r.Header.Get("Client-Request-Id"))
	if client == "" {
		client = id
	}
	var body errorBody
	body.Error.Code, body.Error.Message, body.Error.Details = code, message, details
	body.Error.InnerError.Date = time.Now().UTC().Format("2006-01-02T15:04:05")
	body.Error.InnerError.RequestID, body.Error.InnerError.ClientRequestID = id, client
	setHeaders(w, r)
	web.Refused(w, r, status, err)
	web.WriteJSON(w, status, "application/json", body)
}
