package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
)

// auditReport is the finding, in the form that the API gives it.
type auditReport struct {
	Whole   bool   `json:"whole"`
	Entries int64  `json:"entries"`
	Head    string `json:"head,omitempty"`
	Problem string `json:"problem,omitempty"`
	Key     string `json:"key,omitempty"`     // that signed an export
	Unknown bool   `json:"unknown,omitempty"` // the key is the export's own word
}

func (p *program) auditCommand() *cobra.Command {
	parent := &cobra.Command{Use: "audit", Short: "The audit log"}
	parent.AddCommand(p.auditListCommand(), p.verifyCommand(), p.auditExportCommand(), p.proofCommand(), p.checkpointCommand(), p.keyCommand())
	return parent
}

func (p *program) verifyCommand() *cobra.Command {
	var kept, keys, checkpoints []string
	verify := &cobra.Command{
		Use:   "verify [FILE]",
		Short: "Check the log, or an export or proof of it; exits with 1 if something does not fit",
		Long: "Without FILE the log itself is walked: its chain, its tree, its checkpoints and their signatures. With FILE an export or a proof is checked, by itself\n" +
			"and offline: --key is the verifier that `bailiwick audit key` printed, --checkpoint a file with a checkpoint that was kept.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var report auditReport
			var err error
			if len(args) == 1 {
				report, err = verifyFile(args[0], keys, checkpoints)
			} else if len(keys)+len(checkpoints) > 0 {
				err = errors.New("--key and --checkpoint are for an export or a proof: want FILE")
			} else {
				var heads []store.AuditHead
				if heads, err = parseHeads(kept); err == nil {
					report, err = p.verify(cmd.Context(), heads)
				}
			}
			if err != nil {
				return err
			}
			if err := p.answer(report, func(w io.Writer) { writeReport(w, report) }); err != nil {
				return err
			}
			if !report.Whole {
				return errNo
			}
			return nil
		},
	}
	verify.Flags().StringArrayVar(&kept, "kept", nil, "a head that an earlier verify printed, `SEQ:HASH`: the log must still lead through it")
	verify.Flags().StringArrayVar(&keys, "key", nil, "a verifier `KEY` that is trusted")
	verify.Flags().StringArrayVar(&checkpoints, "checkpoint", nil, "a `FILE` with a checkpoint that was kept: the log must still begin with what it signs")
	return verify
}

func (p *program) verify(ctx context.Context, kept []store.AuditHead) (auditReport, error) {
	var report auditReport
	if p.server != "" {
		if len(kept) > 0 {
			return report, errors.New("--kept works on a data directory only")
		}
		return report, p.call(ctx, http.MethodGet, "/api/v1/audit/verify", nil, &report)
	}
	c, err := p.open(ctx, opening{})
	if err != nil {
		return report, err
	}
	defer c.close()
	key, err := c.key()
	if err != nil {
		return report, err
	}
	var found audit.Report
	err = c.store.View(ctx, func(r store.Reader) error {
		found, err = key.Verify(r, kept...)
		return err
	})
	if err != nil {
		return report, err
	}
	report = auditReport{Whole: found.Broken == nil, Entries: found.Entries}
	if found.Head.Seq > 0 {
		report.Head = fmt.Sprintf("%d:%x", found.Head.Seq, found.Head.Hash)
	}
	if found.Broken != nil {
		report.Problem = fmt.Sprintf("entry %d: %s", found.Broken.Seq, found.Broken.Why)
	}
	return report, nil
}

// parseHeads reads heads as writeReport writes them.
func parseHeads(texts []string) ([]store.AuditHead, error) {
	var heads []store.AuditHead
	for _, text := range texts {
		number, digits, _ := strings.Cut(text, ":")
		seq, err := strconv.ParseInt(number, 10, 64)
		hash, second := hex.DecodeString(digits)
		if err != nil || second != nil || len(hash) != sha256.Size {
			return nil, fmt.Errorf("--kept %s: want the head that verify printed", text)
		}
		heads = append(heads, store.AuditHead{Seq: seq, Hash: [sha256.Size]byte(hash)})
	}
	return heads, nil
}

func writeReport(w io.Writer, r auditReport) {
	if !r.Whole {
		fmt.Fprintf(w, "broken: %s\n", r.Problem)
		return
	}
	fmt.Fprintf(w, "whole: %d entries\n", r.Entries)
	if r.Unknown {
		fmt.Fprintf(w, "signed by %s, by its own word: give --key to know whose log it is\n", r.Key)
	}
	if r.Head != "" {
		fmt.Fprintf(w, "head: %s\n", r.Head)
	}
}
