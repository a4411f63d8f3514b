package outbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// SignatureHeader is where a signature stands: "t=SECONDS,v1=HEX", the HMAC-SHA-256 of the seconds, a dot and the body.
const SignatureHeader = "Bailiwick-Signature"

// signatureAge is how old a signature may be, or how far ahead.
const signatureAge = 5 * time.Minute

// Sign makes the signature of a body at a moment.
func Sign(secret []byte, at time.Time, body []byte) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(sum(secret, seconds, body))
}

// Signed tells whether a signature is of a body and of now.
func Signed(secret []byte, now time.Time, signature string, body []byte) bool {
	seconds, mac, ok := strings.Cut(signature, ",v1=")
	seconds, has := strings.CutPrefix(seconds, "t=")
	at, err := strconv.ParseInt(seconds, 10, 64)
	if !ok || !has || err != nil || len(secret) == 0 {
		return false
	}
	if age := now.Sub(time.Unix(at, 0)); age > signatureAge || age < -signatureAge {
		return false
	}
	given, err := hex.DecodeString(mac)
	return err == nil && hmac.Equal(given, sum(secret, seconds, body))
}

func sum(secret []byte, seconds string, body []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(seconds + "."))
	mac.Write(body)
	return mac.Sum(nil)
}
