package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync"
)

// commits notices that someone has committed. SQLite counts it for a connection that writes nothing itself: the
// number that data_version gives to it changes with each commit of any other connection, in any process. This
// connection is kept for that, with the statement prepared, below database/sql: it is asked at every request.
type commits struct {
	mu      sync.Mutex
	conn    *sql.Conn
	ask     driver.StmtQueryContext
	row     []driver.Value
	index   *walIndex
	last    int64
	changes uint64 // how often the number was another one: it wraps at 32 bits, this does not
}

func watchCommits(ctx context.Context, db *sql.DB, path string) (*commits, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &commits{conn: conn, row: make([]driver.Value, 1)}
	err = conn.Raw(func(raw any) error {
		p, ok := raw.(driver.ConnPrepareContext)
		if !ok {
			return fmt.Errorf("the driver's connection %T prepares nothing", raw)
		}
		s, err := p.PrepareContext(ctx, "PRAGMA data_version")
		if err != nil {
			return err
		}
		c.ask, ok = s.(driver.StmtQueryContext)
		if !ok {
			return errors.Join(fmt.Errorf("the driver's statement %T queries nothing", s), s.Close())
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	c.index = &walIndex{}
	if _, err := c.version(ctx); err != nil { // and the file of the WAL index is there
		return nil, errors.Join(err, c.close())
	}
	c.index = openWALIndex(path)
	return c, nil
}

func (c *commits) version(ctx context.Context) (uint64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ask == nil {
		return 0, sql.ErrConnDone
	}
	if c.index.unchanged() {
		return c.changes, nil
	}
	v, err := c.dataVersion()
	if err != nil {
		c.index.read = false // what was noted was not answered: ask again
		return 0, err
	}
	if v != c.last {
		c.last = v
		c.changes++
	}
	return c.changes, nil
}

func (c *commits) dataVersion() (int64, error) {
	rows, err := c.ask.QueryContext(context.Background(), nil)
	if err != nil {
		return 0, err
	}
	err = rows.Next(c.row)
	if err := errors.Join(ignoreEOF(err), rows.Close()); err != nil {
		return 0, err
	}
	v, ok := c.row[0].(int64)
	if !ok || err != nil {
		return 0, errors.New("data_version gives no number")
	}
	return v, nil
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (c *commits) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ask == nil {
		return nil
	}
	s := c.ask.(driver.Stmt)
	c.ask = nil
	return errors.Join(s.Close(), c.conn.Close())
}
