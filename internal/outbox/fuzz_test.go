package outbox

import (
	"testing"
	"time"
)

// Nobody makes a signature but who has the secret, and of nothing but the body that it was made for.
func FuzzSignatures(f *testing.F) {
	now, secret := time.Unix(1_800_000_000, 0), []byte("a secret of sixteen bytes and more")
	f.Add("t=1800000000,v1=", []byte("body"))
	f.Add("t=-1,v1=00,v1=", []byte{})
	f.Add(Sign([]byte("another"), now, []byte("body")), []byte("body"))
	f.Fuzz(func(t *testing.T, signature string, body []byte) {
		if Signed(secret, now, signature, body) && signature != Sign(secret, now, body) {
			t.Fatalf("%q is taken for a signature", signature)
		}
		if !Signed(secret, now, Sign(secret, now, body), body) || Signed(nil, now, Sign(nil, now, body), body) {
			t.Fatal("the right one is refused, or one without a secret taken")
		}
	})
}
