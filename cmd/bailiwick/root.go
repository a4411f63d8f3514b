package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/audit"
)

// moreOutputs is what a command notes the forms under that it can print beside text and JSON.
const moreOutputs = "more outputs"

// program is what every command shares: where it reads and writes, and the flags that all of them take.
type program struct {
	in       io.Reader
	out, err io.Writer
	now      func() time.Time

	data   string // --data
	server string // --server
	output string // -o
}

// run runs one command line and gives its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	p := &program{in: in, out: out, err: errs, now: time.Now}
	root := p.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	report(terminal{errs}, err, p.output == "json")
	return codeOf(err)
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "bailiwick",
		Short:         "A security centre whose roles decide, product by product, who may see and do what",
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if more := strings.Fields(cmd.Annotations[moreOutputs]); p.output != "text" && p.output != "json" && !slices.Contains(more, p.output) {
				return fmt.Errorf("-o %s: want %s", p.output, strings.Join(append([]string{"text", "json"}, more...), ", "))
			}
			if p.server != "" && cmd.Flags().Changed("data") {
				return errors.New("--data and --server are two different places: want one of them")
			}
			return nil
		},
	}
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	root.CompletionOptions.HiddenDefaultCmd = true
	flags := root.PersistentFlags()
	flags.StringVar(&p.data, "data", fromEnvironment("BAILIWICK_DATA", "data"), "data directory `DIR` (or BAILIWICK_DATA)")
	flags.StringVar(&p.server, "server", os.Getenv("BAILIWICK_SERVER"), "act on a running server at `URL`, as the owner of the token in BAILIWICK_TOKEN")
	flags.StringVarP(&p.output, "output", "o", "text", "output `FORMAT`: text or json")
	root.AddCommand(
		p.serveCommand(),
		p.applyCommand(), p.planCommand(), p.driftCommand(), p.exportCommand(),
		p.importCommand(), p.loadCommand(), p.tokenCommand(),
		p.canCommand(), p.explainCommand(), p.whoMayCommand(), p.proposeCommand(), p.requirementsCommand(),
		p.auditCommand(), p.versionCommand(),
		p.unifiedCommand(),
		p.actionsCommand(), p.rolesCommand(), p.groupsCommand(), p.compareCommand(),
		p.reportCommand(), p.notificationsCommand(), p.detectionsCommand(), p.settingsCommand(), p.threatsCommand(), p.alertsCommand(), p.incidentsCommand(), p.devicesCommand(), p.entitiesCommand(), p.eventsCommand(), p.feedsCommand(), p.huntWorkerCommand(),
		p.kqlCommand(), p.huntCommand(),
	)
	return root
}

// answer writes an answer: as one JSON value, or as the text that f writes.
func (p *program) answer(value any, f func(w io.Writer)) error {
	if p.output == "json" {
		encoder := json.NewEncoder(terminal{p.out})
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(value)
	}
	f(terminal{p.out})
	return nil
}

// local is who acts when a command works on the data directory itself: owning the files is owning the centre, so
// there is nobody to sign in, but every act is recorded under the operating system's name for who did it.
func local() audit.Actor {
	name := fmt.Sprint(os.Getuid())
	if u, err := user.Current(); err == nil && u.Username != "" {
		name = u.Username
	}
	return audit.Actor{Name: "local:" + name, Local: true, Via: "cli"}
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return p.answer(map[string]string{"version": version}, func(w io.Writer) { fmt.Fprintln(w, version) })
		},
	}
}

func fromEnvironment(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
