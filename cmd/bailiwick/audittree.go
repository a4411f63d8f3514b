package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/strictjson"
)

// signedNote is a checkpoint in the form that the API gives it.
type signedNote struct {
	Size       int64     `json:"size"`
	At         time.Time `json:"at"`
	Checkpoint string    `json:"checkpoint"`
	Key        string    `json:"key"`
}

// signedProof is a proof with the key that signed it.
type signedProof struct {
	audit.Proof
	Key string `json:"key"`
}

func (p *program) checkpointCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "checkpoint",
		Short: "Print a signed note of how far the log has grown: keep it elsewhere, and hand it to a later verify",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var n signedNote
			if p.server != "" {
				if err := p.call(cmd.Context(), http.MethodGet, "/api/v1/audit/checkpoint", nil, &n); err != nil {
					return err
				}
			} else if err := p.withCheckpoint(cmd.Context(), func(c store.AuditCheckpoint, key *audit.Key, _ store.Reader) error {
				n = signedNote{c.Size, c.At, c.Note, key.Verifier}
				return nil
			}); err != nil {
				return err
			}
			return p.answer(n, func(w io.Writer) { fmt.Fprint(w, n.Checkpoint) })
		},
	}
}

func (p *program) proofCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "proof SEQ",
		Short: "Prove that an entry is in the log, without any other entry",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			seq, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || seq < 1 {
				return fmt.Errorf("%s: want the number of an entry", args[0])
			}
			var proof signedProof
			if p.server != "" {
				err = p.call(cmd.Context(), http.MethodGet, "/api/v1/audit/entries/"+args[0]+"/proof", nil, &proof)
			} else {
				err = p.withCheckpoint(cmd.Context(), func(c store.AuditCheckpoint, key *audit.Key, r store.Reader) (err error) {
					proof.Key = key.Verifier
					proof.Proof, err = audit.Prove(r, seq, c)
					return err
				})
			}
			if err != nil {
				return err
			}
			encoder := json.NewEncoder(p.out) // JSON in any case: it is a file for verify
			encoder.SetEscapeHTML(false)
			encoder.SetIndent("", "  ")
			return encoder.Encode(proof)
		},
	}
}

func (p *program) auditExportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "export",
		Short: "Print the whole log as a file that `audit verify FILE` checks by itself",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if p.server != "" {
				text, err := p.fetch(cmd.Context(), http.MethodGet, "/api/v1/audit/export")
				if err != nil {
					return err
				}
				_, err = p.out.Write(text)
				return err
			}
			return p.withCheckpoint(cmd.Context(), func(c store.AuditCheckpoint, key *audit.Key, r store.Reader) error {
				return audit.Export(r, c, key.Verifier, p.out)
			})
		},
	}
}

func (p *program) keyCommand() *cobra.Command {
	var rotate bool
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Print the verifier of the key that signs the log: give it to whoever is to check it",
		Long: "With --rotate a new key takes the place of the old one, after a last checkpoint with the old; the log says so. A running server signs\n" +
			"with the new one when it is started again.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if p.server != "" {
				return errors.New("the key is on the server's own data: --server is not for it; `audit checkpoint -o json` tells the verifier")
			}
			c, err := p.open(cmd.Context(), opening{})
			if err != nil {
				return err
			}
			defer c.close()
			key, err := c.key()
			if err == nil && rotate {
				key, err = c.rotate(cmd.Context(), key, p.now())
			}
			if err != nil {
				return err
			}
			return p.answer(map[string]string{"key": key.Verifier}, func(w io.Writer) { fmt.Fprintln(w, key.Verifier) })
		},
	}
	cmd.Flags().BoolVar(&rotate, "rotate", false, "make a new key")
	return cmd
}

// rotate writes into the log which key follows which before anything is signed with the new one.
func (c *centre) rotate(ctx context.Context, old *audit.Key, now time.Time) (*audit.Key, error) {
	if _, err := old.Checkpoint(ctx, c.store, now); err != nil {
		return nil, err
	}
	var next *audit.Key
	err := c.door.Change(ctx, local(), audit.RotateKey, func(_ store.Writer, rec *audit.Record) (err error) {
		if next, err = audit.NewKey(c.data); err != nil {
			return err
		}
		rec.Object = "audit:key"
		rec.Before, rec.After = audit.KeyRecord{Key: old.Verifier}, audit.KeyRecord{Key: next.Verifier}
		return nil
	})
	return next, err
}

// withCheckpoint signs how far the log has grown, and runs f on it.
func (p *program) withCheckpoint(ctx context.Context, f func(store.AuditCheckpoint, *audit.Key, store.Reader) error) error {
	c, err := p.open(ctx, opening{})
	if err != nil {
		return err
	}
	defer c.close()
	key, err := c.key()
	if err != nil {
		return err
	}
	made, err := key.Checkpoint(ctx, c.store, p.now())
	if err != nil {
		return err
	}
	if made.Size == 0 {
		return errors.New("nothing has happened yet: the log is empty")
	}
	return c.store.View(ctx, func(r store.Reader) error { return f(made, key, r) })
}

// verifyFile checks an export or a proof, whichever it is.
func verifyFile(name string, keys, checkpointFiles []string) (auditReport, error) {
	trusted := audit.Trusted{Keys: keys}
	for _, file := range checkpointFiles {
		text, err := os.ReadFile(file)
		if err != nil {
			return auditReport{}, refuse("read the checkpoint: %w", err)
		}
		trusted.Checkpoints = append(trusted.Checkpoints, string(text))
	}
	f, err := os.Open(name)
	if err != nil {
		return auditReport{}, refuse("verify: %w", err)
	}
	defer f.Close()
	begin := make([]byte, 64)
	n, _ := f.Read(begin)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return auditReport{}, fmt.Errorf("verify: %w", err)
	}
	if !strings.Contains(string(begin[:n]), `"format"`) {
		return verifyProof(f, name, keys)
	}
	found, err := audit.VerifyExport(f, trusted)
	if err != nil {
		return auditReport{}, err
	}
	report := auditReport{Whole: found.Broken == nil, Entries: found.Entries, Key: found.Key, Unknown: !found.Known}
	if found.Broken != nil {
		report.Problem = fmt.Sprintf("entry %d: %s", found.Broken.Seq, found.Broken.Why)
	}
	return report, nil
}

func verifyProof(f io.Reader, name string, keys []string) (auditReport, error) {
	text, err := io.ReadAll(io.LimitReader(f, 32<<20))
	if err != nil {
		return auditReport{}, fmt.Errorf("verify: %w", err)
	}
	var p signedProof
	if err := strictjson.Read(text, &p); err != nil {
		return auditReport{}, refuse("verify %s: it is neither an export nor a proof of an audit log", name)
	}
	report := auditReport{Whole: true, Entries: 1, Key: p.Key, Unknown: len(keys) == 0}
	if len(keys) == 0 {
		keys = []string{p.Key}
	}
	if err := p.Check(keys...); err != nil {
		report.Whole, report.Problem = false, err.Error()
	}
	return report, nil
}
