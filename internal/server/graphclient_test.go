package server

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Microsoft's own JavaScript client, over TLS, since it sends its token nowhere else.
func TestMicrosoftsGraphClient(t *testing.T) {
	const dir = "testdata/graphclient"
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("this test needs the program node: ", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@microsoft", "microsoft-graph-client")); err != nil {
		install := exec.Command("npm", "ci", "--no-audit", "--no-fund")
		install.Dir = dir
		if out, err := install.CombinedOutput(); err != nil {
			t.Fatalf("npm ci: %v\n%s", err, out)
		}
	}
	w := newWorldOver(t, httptest.NewTLSServer)
	authority := filepath.Join(t.TempDir(), "authority.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.server.Certificate().Raw})
	must(t, os.WriteFile(authority, certificate, 0o600))
	run := exec.Command(node, "check.mjs")
	run.Dir = dir
	run.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+authority, "BASE="+w.server.URL, "TOKEN_READER="+w.token(elena), "TOKEN_WORKER="+w.token(emil))
	out, err := run.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "FAILED") {
			t.Error(strings.TrimSpace(line))
		}
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
