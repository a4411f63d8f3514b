package response

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// model is the Action centre in the plainest words: what state each action is in, who carries it out, and what it takes back.
type model struct {
	now     time.Time
	wary    bool // the remediation level wants a person for everything
	actions map[string]*modelled
	order   []string
}

type modelled struct {
	state, kind, undoOf string
	manual, auto        bool // auto: automation approved it
	expires, deadline   time.Time
	sent                int
}

func (m *model) state(id string) string {
	a := m.actions[id]
	if a.state == "pendingApproval" && !m.now.Before(a.expires) {
		return "expired"
	}
	return a.state
}

// beingUndone: an undoing action of it is there that has not come to nothing.
func (m *model) beingUndone(id string) bool {
	for _, other := range m.order {
		if m.actions[other].undoOf == id {
			switch m.state(other) {
			case "failed", "declined", "expired", "cancelled":
			default:
				return true
			}
		}
	}
	return false
}

func (m *model) approve(id string) {
	a := m.actions[id]
	a.state, a.auto = "queued", false
	if a.manual {
		a.state, a.deadline = "inProgress", m.now.Add(7*24*time.Hour)
	}
}

// reconsider: what automation approved and nobody has begun waits for a person where the level wants one.
func (m *model) reconsider() {
	for _, a := range m.actions {
		if a.state == "queued" && a.auto && m.wary {
			a.state, a.auto = "pendingApproval", false
		}
	}
}

func (m *model) end(id, state string) {
	a := m.actions[id]
	a.state = state
	if a.undoOf != "" && state == "succeeded" {
		m.actions[a.undoOf].state = "undone"
	}
}

// Random sequences of what people, executors and time can do leave the Action centre as they leave the model: each accepted or
// refused alike, each action in the same state, and nothing sent that nobody approved.
func TestTheStateMachineIsTheModels(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		m := &model{actions: map[string]*modelled{}}
		var answer Answer
		var failed error
		w.robot.answer = func(Order) (Answer, error) { return answer, failed }
		loaded := 0
		check := func(what string, err error, allowed bool) {
			if (err == nil) != allowed {
				r.Fatalf("%s: %v, by the model %t", what, err, allowed)
			}
			if k := fault.KindOf(err); err != nil && k != fault.KindConflict {
				r.Fatalf("%s is refused as %s: %v", what, k, err)
			}
		}
		pick := func() string {
			if len(m.order) == 0 {
				return ""
			}
			return rapid.SampledFrom(m.order).Draw(r, "action")
		}
		add := func(id, kind, undoOf, state string) {
			m.actions[id] = &modelled{kind: kind, undoOf: undoOf, state: state, manual: kind == "restrictAppExecution" || kind == "unRestrictAppExecution", expires: m.now.Add(7 * 24 * time.Hour)}
			m.order = append(m.order, id)
		}
		r.Repeat(map[string]func(*rapid.T){
			"load": func(r *rapid.T) {
				loaded++
				m.now = w.clock()
				id, kind := fmt.Sprintf("a%d", loaded), rapid.SampledFrom([]string{"isolateDevice", "restrictAppExecution", "runAntiVirusScan"}).Draw(r, "kind")
				w.take(w.pending(id, rbac.Endpoint, kind, "s1"))
				add(id, kind, "", "pendingApproval")
			},
			"load what is automated": func(r *rapid.T) {
				loaded++
				m.now = w.clock()
				id, kind := fmt.Sprintf("a%d", loaded), rapid.SampledFrom([]string{"runAntiVirusScan", "restrictAppExecution"}).Draw(r, "kind")
				a := w.pending(id, rbac.Endpoint, kind, "s1")
				a.Source, a.Body.Entity = AutomatedDevice, json.RawMessage(`{"verdict":"malicious"}`)
				w.take(a)
				add(id, kind, "", "pendingApproval")
				if !m.wary {
					m.approve(id)
					m.actions[id].auto = true
				}
			},
			"the level": func(r *rapid.T) {
				m.wary = rapid.Bool().Draw(r, "wary")
				w.edit(rbac.SetDeviceGroups{DeviceGroups: groups(map[bool]string{true: "semi-all", false: "full"}[m.wary])})
			},
			"ask": func(r *rapid.T) {
				m.now = w.clock()
				kind, waits := rapid.SampledFrom([]string{"isolateDevice", "restrictAppExecution"}).Draw(r, "kind"), rapid.Bool().Draw(r, "waits")
				item, err := w.service.Ask(ctx, as(sol), Request{Type: kind, Target: Target{Device: "s2"}, NeedsApproval: waits})
				check("ask", err, true)
				add(item.ID, kind, "", "pendingApproval")
				if !waits {
					m.approve(item.ID)
				}
			},
			"decide": func(r *rapid.T) {
				id, e := pick(), rapid.SampledFrom([]Event{Approve, Decline, Cancel}).Draw(r, "decision")
				if id == "" {
					r.Skip()
				}
				m.now = w.clock()
				_, err := w.service.decide(ctx, as(sol), id, e, "")
				state := m.state(id)
				allowed := state == "pendingApproval" || state == "queued" && e == Cancel
				check(string(e)+" "+state, err, allowed)
				if allowed {
					switch e {
					case Approve:
						m.approve(id)
					case Decline:
						m.actions[id].state = "declined"
					default:
						m.actions[id].state = "cancelled"
					}
				}
			},
			"undo": func(r *rapid.T) {
				id := pick()
				if id == "" {
					r.Skip()
				}
				m.now = w.clock()
				item, err := w.service.Undo(ctx, as(sol), id, "")
				back := map[string]string{"isolateDevice": "unIsolateDevice", "restrictAppExecution": "unRestrictAppExecution"}[m.actions[id].kind]
				state := m.state(id)
				allowed := (state == "succeeded" || state == "partiallySucceeded") && back != "" && !m.beingUndone(id)
				check("undo "+state, err, allowed)
				if allowed {
					add(item.ID, back, id, "pendingApproval")
					m.approve(item.ID)
				}
			},
			"complete": func(r *rapid.T) {
				id := pick()
				if id == "" {
					r.Skip()
				}
				m.now = w.clock()
				status := rapid.SampledFrom([]string{Succeeded, PartiallySucceeded, Failed}).Draw(r, "status")
				steps := []int{}
				for i := range w.stored(id).Body.Checklist {
					steps = append(steps, i)
				}
				_, err := w.service.Complete(ctx, as(sol), id, Completion{Steps: steps, Status: status, Comment: "x"})
				state := m.state(id)
				allowed := m.actions[id].manual && (state == "inProgress" || state == "timedOut")
				check("complete "+state, err, allowed)
				if allowed {
					m.end(id, status)
				}
			},
			"the executor": func(r *rapid.T) {
				answer = Answer{Event: rapid.SampledFrom([]Event{"", "", Succeed, Partly, Fail}).Draw(r, "answer")}
				failed = nil
				if rapid.IntRange(0, 3).Draw(r, "fails") == 0 {
					failed = errors.New("no connection")
				}
				w.empty()
				m.now = w.clock()
				m.reconsider()
				for _, id := range m.order {
					a := m.actions[id]
					row := w.stored(id)
					switch {
					case a.manual && a.state == "inProgress" && !m.now.Before(a.deadline):
						a.state = "timedOut"
					case a.manual:
					case a.state == "inProgress" && !m.now.Before(a.deadline):
						a.state = "timedOut"
					case a.state == "queued", a.state == "inProgress" && row.Delivery.Attempts > a.sent:
						if a.state == "queued" {
							a.state, a.deadline = "inProgress", m.now.Add(time.Hour)
						}
						if a.sent = row.Delivery.Attempts; failed == nil && answer.Event != "" {
							m.end(id, becomes[InProgress][answer.Event])
						}
					}
				}
			},
			"a late answer": func(r *rapid.T) {
				id, e := pick(), rapid.SampledFrom([]Event{Succeed, Partly, Fail}).Draw(r, "event")
				if id == "" || m.actions[id].manual {
					r.Skip()
				}
				m.now = w.clock()
				err := w.service.Answered(context.Background(), "robot", id, Answer{Event: e})
				switch state, says := m.state(id), becomes[InProgress][e]; {
				case state == "inProgress" || state == "timedOut":
					check("answer "+state, err, true)
					m.end(id, says)
				case state == says:
					check("the same answer again", err, true)
				case err == nil:
					r.Fatalf("an answer %s was taken in state %s", e, state)
				}
			},
			"time": func(r *rapid.T) {
				w.pass(time.Duration(rapid.SampledFrom([]int{1, 30, 3600, 4 * 24 * 3600}).Draw(r, "seconds")) * time.Second)
				m.now = w.clock()
			},
			"": func(r *rapid.T) {
				m.now = w.clock()
				for _, id := range m.order {
					row := w.stored(id)
					if got, want := statusAt(row.Action, m.now), m.state(id); got != want {
						r.Fatalf("%s is %s, by the model %s (%+v)", id, got, want, row.Body.History)
					}
					if row.Decision != Approved && w.robot.done[id] > 0 {
						r.Fatalf("%s was sent, and nobody approved it", id)
					}
					last := row.Body.History
					if len(last) > 0 && last[len(last)-1].Status != row.Status {
						r.Fatalf("%s is %s, by its history %+v", id, row.Status, last)
					}
					if ended := becomes[row.Status][Begin] == "" && row.Status != InProgress; ended && !row.Delivery.Next.IsZero() {
						r.Fatalf("%s is %s and something is still to be done at %s", id, row.Status, row.Delivery.Next)
					}
				}
			},
		})
	})
}

// Every state that anything becomes is one of the states, and is said to people.
func TestTheTableOfStatesIsWhole(t *testing.T) {
	for _, from := range States {
		if standings[from] == "" {
			t.Errorf("%s is not said", from)
		}
		for e, to := range becomes[from] {
			if standings[to] == "" {
				t.Errorf("%s becomes %s by %s", from, to, e)
			}
		}
	}
	for _, k := range Kinds {
		if len(k.Needs) == 0 || len(k.Checklist) == 0 || k.Title == "" {
			t.Errorf("%s says too little", k.Name)
		}
		if k.Undo != "" && kinds[k.Undo] == nil {
			t.Errorf("%s is undone by %s, which is not known", k.Name, k.Undo)
		}
		if a := (store.Action{Device: sample(k).Device, Body: store.ActionBody{Entity: sample(k).entity(k)}}); targetOf(a) != sample(k) {
			t.Errorf("the target of %s comes back as %+v, not %+v", k.Name, targetOf(a), sample(k))
		}
		if err := sample(k).check(k); err != nil && k.ByHand {
			t.Errorf("%s: %v", k.Name, err)
		}
	}
}

// sample is a whole target of a kind.
func sample(k Kind) Target {
	t := Target{Device: "d"}
	if k.Needs[0] != NeedDevice {
		t.Device = ""
	}
	for _, n := range k.Needs {
		switch n {
		case NeedFile:
			t.SHA1, t.FileName, t.FilePath = "0123456789012345678901234567890123456789", "a.exe", `C:\x`
		case NeedProcess:
			t.ProcessID, t.FileName = 7, "a.exe"
		case NeedIndicator:
			t.Indicator = "evil.example"
		case NeedMessage:
			t.NetworkMessageID, t.Recipient = "n", "a@b.example"
		case NeedSender:
			t.Sender = "a@b.example"
		case NeedMailbox:
			t.Mailbox = "a@b.example"
		case NeedUser:
			t.User = "a@b.example"
		}
	}
	return t
}
