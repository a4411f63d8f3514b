package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/directory"
	"github.com/bailiwick/bailiwick/internal/fault"
)

func (p *program) tokenCommand() *cobra.Command {
	parent := &cobra.Command{Use: "token", Short: "API tokens"}
	var user, name string
	var ttl time.Duration
	create := &cobra.Command{
		Use:   "create",
		Short: "Make an API token and print it, and nothing else; it cannot be shown again",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if ttl <= 0 {
				return fault.Invalid("make a token", "--ttl %s: want a time such as 24h", ttl)
			}
			made, err := p.createToken(cmd.Context(), user, name, ttl)
			if err != nil {
				return err
			}
			return p.answer(made, func(w io.Writer) { fmt.Fprintln(w, made.Token) })
		},
	}
	create.Flags().StringVar(&user, "user", "", "the `UPN` that it acts as; with --server, oneself")
	create.Flags().StringVar(&name, "name", "command line", "what to call it in the list of tokens")
	create.Flags().DurationVar(&ttl, "ttl", 24*time.Hour, "how long it lives")
	parent.AddCommand(create)
	return parent
}

// madeToken is a new token, in the form that the API gives it.
type madeToken struct {
	Token string    `json:"token"`
	Item  tokenItem `json:"item"`
}

type tokenItem struct {
	ID        string    `json:"id"`
	Owner     string    `json:"owner"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`
}

func (p *program) createToken(ctx context.Context, user, name string, ttl time.Duration) (madeToken, error) {
	var made madeToken
	if p.server != "" {
		if user != "" {
			// Tokens are made for oneself only (S14): see that the caller is who they think they are.
			var me struct {
				Name string `json:"name"`
			}
			if err := p.call(ctx, http.MethodGet, "/api/v1/me", nil, &me); err != nil {
				return made, err
			}
			if !strings.EqualFold(me.Name, user) {
				return made, refuse("make a token for %s: the token in BAILIWICK_TOKEN is %s's, and tokens are made for oneself only", user, me.Name)
			}
		}
		return made, p.call(ctx, http.MethodPost, "/api/v1/tokens", map[string]string{"name": name, "ttl": ttl.String()}, &made)
	}
	if user == "" {
		return made, errors.New("--user: want whose token it is")
	}
	c, err := p.open(ctx, opening{})
	if err != nil {
		return made, err
	}
	defer c.close()
	plain, token, err := c.directory.CreateToken(ctx, local(), directory.NewToken{Owner: user, Name: name, TTL: ttl})
	if err != nil {
		return made, err
	}
	return madeToken{plain, tokenItem{token.ID, token.Owner, token.Name, token.CreatedAt, token.ExpiresAt}}, nil
}
