package outbox

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"code.dny.dev/ssrf"
)

func TestThePublicClientReachesNoAddressWithin(t *testing.T) {
	var met atomic.Int32
	within := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { met.Add(1) }))
	defer within.Close()
	t.Setenv("HTTP_PROXY", within.URL) // a proxy would dial for it
	t.Setenv("HTTPS_PROXY", within.URL)
	for _, url := range []string{
		within.URL, "http://localhost" + within.URL[len("http://127.0.0.1"):], "http://0.0.0.0:1/", "http://[::1]:1/", "http://[::ffff:127.0.0.1]:1/", "http://10.1.2.3/", "http://172.16.0.1/",
		"http://192.168.0.1/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://[fe80::1]/", "http://[fd00::1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
	} {
		r, err := PublicClient().Get(url)
		if err == nil {
			r.Body.Close()
			t.Errorf("%s was reached", url)
		} else if !errors.Is(err, ssrf.ErrProhibitedIP) {
			t.Errorf("%s: %v", url, err)
		}
	}
	if met.Load() != 0 {
		t.Error("somebody within was spoken to")
	}
	r, err := WithinClient().Get(within.URL) // the guard is what refuses, not the test
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if met.Load() != 1 {
		t.Errorf("met %d times: a proxy was asked", met.Load())
	}
}

func TestNoClientReachesWhereACloudGivesOutItsKeys(t *testing.T) {
	for _, host := range []string{
		"169.254.169.254", "169.254.170.2", "[::ffff:169.254.169.254]", "[fe80::1%25lo]", "[fd00:ec2::254]", "[fd20:ce::254]", "100.100.100.200", "168.63.129.16", "192.0.0.192",
		"[64:ff9b::169.254.169.254]", "[2002:a9fe:a9fe::]", "[::a9fe:a9fe]", "0.0.0.0", "[::]", "224.0.0.1", "[ff02::1]", "255.255.255.255",
	} {
		for name, c := range map[string]*http.Client{"the public one": PublicClient(), "the one within": WithinClient(), "a product's": ProductClient()} {
			r, err := c.Get("http://" + host + ":1/latest/meta-data/")
			if err == nil {
				r.Body.Close()
			}
			if !errors.Is(err, ErrClosed) && !errors.Is(err, ssrf.ErrProhibitedIP) {
				t.Errorf("%s to %s: %v", name, host, err)
			}
		}
	}
	for _, address := range []string{"127.0.0.1", "::1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "fd00::1", "100.64.0.1", "192.0.2.1", "2001:db8::1", "64:ff9b::a01:203"} {
		if isClosed(netip.MustParseAddr(address)) {
			t.Errorf("%s is closed, and may be somebody's own", address)
		}
	}
}

func TestOnlyAProductsClientAsksTheProxyOfTheEnvironment(t *testing.T) {
	for name, c := range map[string]struct {
		client *http.Client
		want   bool
	}{"public": {PublicClient(), false}, "within": {WithinClient(), false}, "product": {ProductClient(), true}} {
		if has := c.client.Transport.(*http.Transport).Proxy != nil; has != c.want {
			t.Errorf("%s: %v", name, has)
		}
	}
}

func TestACauseHasNoAddress(t *testing.T) {
	_, err := WithinClient().Get("http://127.0.0.1:1/hooks/KEY?token=KEY")
	if text := Cause(err).Error(); err == nil || strings.Contains(text, "KEY") || !strings.Contains(text, "refused") {
		t.Error(text)
	}
	plain := errors.New("x")
	if Cause(plain) != plain || Cause(nil) != nil {
		t.Error("another error is changed")
	}
}

func TestNoClientFollowsARedirect(t *testing.T) {
	var met atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { met.Add(1) }))
	defer elsewhere.Close()
	here := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer here.Close()
	r, err := WithinClient().Post(here.URL, "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusTemporaryRedirect || met.Load() != 0 || PublicClient().CheckRedirect(nil, nil) != http.ErrUseLastResponse {
		t.Errorf("answered %d, elsewhere met %d", r.StatusCode, met.Load())
	}
}

func TestASignatureIsOfABodyAndOfNow(t *testing.T) {
	secret, body, now := []byte("a secret of some length"), []byte("body"), time.Unix(1_000_000, 0)
	good := Sign(secret, now, body)
	for _, c := range []struct {
		name      string
		secret    []byte
		at        time.Time
		signature string
		body      string
		want      bool
	}{
		{"as it was made", secret, now, good, "body", true},
		{"of another body", secret, now, good, "Body", false},
		{"with another secret", []byte("another"), now, good, "body", false},
		{"without a secret", nil, now, Sign(nil, now, body), "body", false},
		{"of five minutes ago", secret, now.Add(5 * time.Minute), good, "body", true},
		{"older than that", secret, now.Add(5*time.Minute + time.Second), good, "body", false},
		{"from ahead", secret, now.Add(-6 * time.Minute), good, "body", false},
		{"moved in time", secret, now, "t=1000001" + good[len("t=1000000"):], "body", false},
		{"nothing", secret, now, "", "body", false},
	} {
		if got := Signed(c.secret, c.at, c.signature, []byte(c.body)); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestTheWaitDoublesUpToItsMost(t *testing.T) {
	for attempts, want := range map[int]time.Duration{-1: time.Second, 1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second, 6: 30 * time.Second, 1 << 40: 30 * time.Second} {
		for range 50 {
			if got := Wait(attempts, time.Second, 30*time.Second); got < want/2 || got > want {
				t.Errorf("after %d attempts: %v, want %v to %v", attempts, got, want/2, want)
			}
		}
	}
}

func TestALaneThatHangsHoldsNoOther(t *testing.T) {
	var l Lanes
	hang, done := make(chan struct{}), make(chan string, 1)
	for i := range atOnce {
		if !l.Start("slow", string(rune('a'+i)), func() { <-hang }) {
			t.Fatalf("no room for number %d", i)
		}
	}
	if l.Start("slow", "z", func() {}) || len(l.Full()) != 1 || l.Full()[0] != "slow" || len(l.Busy()) != atOnce {
		t.Errorf("a full lane takes more; full are %v", l.Full())
	}
	if l.Start("quick", "a", func() {}) {
		t.Error("one thing is under way twice")
	}
	if !l.Start("quick", "y", func() { done <- "y" }) || <-done != "y" {
		t.Error("another lane is held")
	}
	close(hang)
	l.Wait()
	if len(l.Full()) != 0 || !l.Start("slow", "z", func() {}) {
		t.Error("what has ended takes room")
	}
	l.Wait()
}

func TestADrainGoesOnUntilNothingIsDueOrSomethingGoesWrong(t *testing.T) {
	for _, wrong := range []error{nil, errors.New("no answer")} {
		var l Lanes
		left := 3
		n, err := l.Drain(func(ended func(error)) (int, error) {
			if left == 0 {
				return 0, nil
			}
			left--
			l.Start("mail", "a", func() { ended(wrong) })
			return 1, nil
		})
		if want := map[bool]int{true: 3, false: 1}[wrong == nil]; n != want || !errors.Is(err, wrong) || len(l.Busy()) != 0 {
			t.Errorf("with %v: %d, %v; busy are %q", wrong, n, err, l.Busy())
		}
	}
}

func TestALoopLooksWhenItIsStirred(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	l, looks, ended := NewLoop(), make(chan struct{}, 100), make(chan struct{})
	failed := errors.New("full disk")
	told := make(chan error, 100)
	go func() {
		defer close(ended)
		l.Run(ctx, func(context.Context) (int, error) { looks <- struct{}{}; return 0, failed }, func(err error) { told <- err })
	}()
	<-looks
	begun := time.Now()
	l.Stir(failed) // nothing to see
	l.Stir(nil)
	<-looks
	if time.Since(begun) > Look*9/10 || <-told != failed {
		t.Error("it was not stirred, or did not tell")
	}
	cancel()
	<-ended
}
