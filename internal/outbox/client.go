package outbox

import (
	"net"
	"net/http"
	"time"

	"code.dny.dev/ssrf"
)

// PlainClient follows no redirects: what is sent goes where the configuration says or nowhere.
func PlainClient() *http.Client {
	return &http.Client{
		Timeout: SendTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// PublicClient also connects to no address but those of the internet. That is asked of the address itself when it is dialled, so
// that no name, and no name that changes its mind, leads into the network that the centre stands in; and no proxy dials for it.
func PublicClient() *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: ssrf.New(ssrf.WithAnyPort()).Safe}
	c := PlainClient()
	c.Transport = &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true, MaxIdleConns: 10, IdleConnTimeout: time.Minute}
	return c
}
