package outbox

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// No client here follows a redirect: what is sent goes where the configuration says or nowhere. Where that is, is asked of the
// address itself when it is dialled, so that no name, and no name that changes its mind, leads elsewhere.

// PublicClient connects to addresses of the internet only: not into the network that the centre stands in. No proxy dials for it.
func PublicClient() *http.Client {
	return client(ssrf.New(ssrf.WithAnyPort(), ssrf.WithDeniedV4Prefixes(closed4...)).Safe)
}

// WithinClient also connects within the centre's own network, and to this machine; but not to where a cloud gives out its keys.
// No proxy dials for it.
func WithinClient() *http.Client { return client(notClosed) }

// ProductClient is a WithinClient for a product's own API. It goes through the proxy that the environment names, if it names one.
func ProductClient() *http.Client {
	c := client(notClosed)
	c.Transport.(*http.Transport).Proxy = http.ProxyFromEnvironment
	return c
}

func client(control func(network, address string, c syscall.RawConn) error) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: control}
	return &http.Client{
		Timeout: SendTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true, MaxIdleConns: 10, IdleConnTimeout: time.Minute},
	}
}

// The addresses that are closed whatever a configuration says: link-local, where most clouds give keys to whoever asks from a
// machine of theirs; the others at which some do; and what is no single machine.
var (
	closed4 = prefixes("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32")
	closed6 = prefixes("::/128", "fe80::/10", "ff00::/8", "fd00:ec2::/32", "fd20:ce::254/128")
	// IPv4 addresses stand in these, from this byte on.
	carries4 = map[netip.Prefix]int{netip.MustParsePrefix("64:ff9b::/96"): 12, netip.MustParsePrefix("::/96"): 12, netip.MustParsePrefix("2002::/16"): 2}
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, text := range list {
		out[i] = netip.MustParsePrefix(text)
	}
	return out
}

// ErrClosed says that an address is one of those that nothing is sent to.
var ErrClosed = errors.New("nothing is sent to this address: clouds give out their keys there, or it is no machine's")

func notClosed(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if isClosed(at.Addr()) {
		return fmt.Errorf("%w: %s", ErrClosed, at.Addr())
	}
	return nil
}

func isClosed(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	list := closed6
	if a.Is4() {
		list = closed4
	}
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	if a == netip.IPv6Loopback() || a.Is4() {
		return false
	}
	for p, from := range carries4 {
		if b := a.As16(); p.Contains(a) && isClosed(netip.AddrFrom4([4]byte(b[from:from+4]))) {
			return true
		}
	}
	return false
}

// HostOf is as much of an address as may be shown: scheme and host. The rest may hold a key.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Cause is an error of a client without the address that it was about, which may hold a key.
func Cause(err error) error {
	for u := (*url.Error)(nil); errors.As(err, &u); {
		err = u.Err
	}
	return err
}
