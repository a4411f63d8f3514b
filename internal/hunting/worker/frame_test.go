package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os/exec"
	"reflect"
	"testing"
	"time"
)

func TestValuesAndParametersArriveAsTheyWere(t *testing.T) {
	given := []any{nil, true, false, int64(math.MinInt64), int64(9007199254740993), 1.5, math.Inf(-1), "", "a\x00\"ü\n"}
	var b []byte
	var err error
	for _, v := range given {
		if b, err = appendValue(b, v); err != nil {
			t.Fatal(err)
		}
	}
	var got []any
	for len(b) > 0 {
		var v any
		if v, b, err = readValue(b); err != nil {
			t.Fatal(err)
		}
		got = append(got, v)
	}
	if !reflect.DeepEqual(given, got) {
		t.Errorf("%#v became %#v", given, got)
	}
	for _, v := range given {
		text, err := json.Marshal(Value{v})
		var back Value
		if err != nil || json.Unmarshal(text, &back) != nil || !reflect.DeepEqual(back.V, v) {
			t.Errorf("the parameter %#v became %#v by %s", v, back.V, text)
		}
	}
}

type nobody struct{}

func (nobody) Columns([]Column) error { return nil }
func (nobody) Row([]any) error        { return nil }

// A worker that was taken over by a query can say anything. It is not believed, and takes nothing down.
func FuzzAWorkerThatSaysAnything(f *testing.F) {
	var good bytes.Buffer
	a := NewAnswer(&good, Limits{})
	for _, err := range []error{a.Columns([]Column{{"a", "BIGINT"}}), a.Row([]any{int64(1)}), a.Row([]any{"x"}), a.Done()} {
		if err != nil {
			f.Fatal(err)
		}
	}
	f.Add(good.Bytes())
	f.Add([]byte("R\xff\xff\xff\x7f"))
	f.Add([]byte("C\x02\x00\x00\x00[]"))
	f.Fuzz(func(t *testing.T, said []byte) {
		w := &process{in: discard{}, out: io.NopCloser(bytes.NewReader(said))}
		_, _ = w.talk(Job{}, nobody{})
	})
}

// A length is believed as far as there may be so much: it is made room for before the rest is there.
func TestAFrameIsNoLongerThanItMayBe(t *testing.T) {
	for _, said := range []string{"R\x01\x00\x80\x00", "R\xff\xff\xff\x7f", "R\xff\xff\xff\xff"} {
		if _, room, err := readFrame(bytes.NewReader([]byte(said)), maxFrame, nil); !errors.Is(err, errFrame) || cap(room) > 0 {
			t.Errorf("%q: room for %d, %v", said, cap(room), err)
		}
	}
}

// A worker that does not end when its time is over is ended: not everything that the engine does can be interrupted.
func TestAWorkerThatDoesNotEndIsKilled(t *testing.T) {
	p := NewPool(func() *exec.Cmd { return exec.Command("sleep", "60") }, 1)
	defer p.Close()
	ended := make(chan error, 1)
	go func() {
		_, err := p.Run(context.Background(), "ada", Job{Limits: Limits{Time: time.Millisecond, Scratch: t.TempDir()}}, nobody{})
		ended <- err
	}()
	select {
	case err := <-ended:
		if CodeOf(err) != Late {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		t.Error("it goes on")
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) Close() error                { return nil }

func TestAWorkerThatEndsWithoutAWordIsLost(t *testing.T) {
	p := NewPool(func() *exec.Cmd { return exec.Command("true") }, 1)
	defer p.Close()
	_, err := p.Run(t.Context(), "ada", Job{Limits: Limits{Time: time.Minute, Scratch: t.TempDir()}}, nobody{})
	if CodeOf(err) != Lost {
		t.Error(err)
	}
}
