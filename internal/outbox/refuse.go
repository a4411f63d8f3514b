package outbox

import (
	"errors"
	"fmt"
	"net/http"
)

// refusal is the other side's word that it will not take a thing, now or later.
type refusal struct{ error }

// Refusal makes an error final: what it is about is not sent again.
func Refusal(err error) error { return refusal{err} }

// Final gives what a refusal says; nil: the error is none, and what it is about may be tried again.
func Final(err error) error {
	var r refusal
	if errors.As(err, &r) {
		return r.error
	}
	return nil
}

// Refused tells an answer that will not get better by asking again from one that may; nil: it was taken.
func Refused(who string, r *http.Response) error {
	err := fmt.Errorf("%s answered %s", who, r.Status)
	switch c := r.StatusCode; {
	case c >= 200 && c < 300:
		return nil
	case c == http.StatusRequestTimeout, c == http.StatusTooEarly, c == http.StatusTooManyRequests, c == http.StatusConflict, c >= 500:
		return err
	}
	return Refusal(err)
}
