package worker

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
)

// The kinds of frames. A job goes one way, all others the other.
const (
	frameJob     byte = 'J'
	frameColumns byte = 'C'
	frameRows    byte = 'R'
	frameDone    byte = 'D'
	frameError   byte = 'E'
)

// How large a frame may be. A worker that says more is ended: what is in it was made by a stranger's query.
const (
	maxJob   = 256 << 20
	maxFrame = 8 << 20
	fullRows = 256 << 10 // rows are sent when there is so much of them
)

func writeFrame(w io.Writer, kind byte, payload []byte) error {
	head := binary.LittleEndian.AppendUint32([]byte{kind}, uint32(len(payload)))
	if _, err := w.Write(append(head, payload...)); err != nil {
		return err
	}
	return nil
}

func readFrame(r io.Reader, most int, into []byte) (byte, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := int(binary.LittleEndian.Uint32(head[1:]))
	if n > most {
		return 0, nil, errFrame
	}
	if cap(into) < n {
		into = make([]byte, n)
	}
	into = into[:n]
	_, err := io.ReadFull(r, into)
	return head[0], into, err
}

// Answer is what a worker writes its answer to.
type Answer struct {
	w       io.Writer
	columns int
	rows    []byte
	most    Limits
	stats   Stats
}

// ReadJob reads the job that a worker is started for.
func ReadJob(r io.Reader) (Job, error) {
	kind, payload, err := readFrame(r, maxJob, nil)
	if err != nil {
		return Job{}, err
	}
	var j Job
	if kind != frameJob {
		return j, errFrame
	}
	return j, json.Unmarshal(payload, &j)
}

// NewAnswer begins an answer.
func NewAnswer(w io.Writer, most Limits) *Answer { return &Answer{w: w, most: most} }

// Columns tells the columns, once, before any row.
func (a *Answer) Columns(columns []Column) error {
	a.columns = len(columns)
	return a.send(frameColumns, columns)
}

// ErrEnough is of an answer that is as large as it may be.
var ErrEnough = errors.New("enough")

// Row sends a row, in the order of the columns.
func (a *Answer) Row(values []any) error {
	if a.most.Rows > 0 && a.stats.Rows >= a.most.Rows {
		a.stats.Truncated = "rows"
		return ErrEnough
	}
	start := len(a.rows)
	var err error
	for _, v := range values {
		if a.rows, err = appendValue(a.rows, v); err != nil {
			return err
		}
	}
	size := int64(len(a.rows) - start)
	if a.most.Bytes > 0 && a.stats.Bytes+size > a.most.Bytes || size > maxFrame-fullRows {
		a.rows = a.rows[:start]
		a.stats.Truncated = "bytes"
		return ErrEnough
	}
	a.stats.Rows++
	a.stats.Bytes += size
	if len(a.rows) >= fullRows {
		return a.flush()
	}
	return nil
}

func (a *Answer) flush() error {
	if len(a.rows) == 0 {
		return nil
	}
	err := writeFrame(a.w, frameRows, a.rows)
	a.rows = a.rows[:0]
	return err
}

// Done ends the answer.
func (a *Answer) Done() error {
	if err := a.flush(); err != nil {
		return err
	}
	return a.send(frameDone, a.stats)
}

// Fail ends the answer with a code. Kind is a word of the engine's for the log, and nothing that it says about values.
func (a *Answer) Fail(code Code, kind string) error {
	return a.send(frameError, map[string]string{"code": string(code), "kind": kind})
}

func (a *Answer) send(kind byte, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeFrame(a.w, kind, text)
}
