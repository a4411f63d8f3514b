package response

// The states of an action. It goes from pendingApproval to an end; back only where nobody has begun what was approved without a person,
// and by now needs one.
const (
	PendingApproval    = "pendingApproval"
	Queued             = "queued"     // approved; nobody has begun
	InProgress         = "inProgress" // an executor may have begun
	Succeeded          = "succeeded"
	PartiallySucceeded = "partiallySucceeded"
	Failed             = "failed"
	TimedOut           = "timedOut" // no executor has told the end in time: it may have been done or not
	Declined           = "declined"
	Expired            = "expired" // nobody decided in time
	Cancelled          = "cancelled"
	Undone             = "undone"
)

// States are all of them, in the order of a life.
var States = []string{PendingApproval, Queued, InProgress, Succeeded, PartiallySucceeded, Failed, TimedOut, Declined, Expired, Cancelled, Undone}

// Event is what may befall an action.
type Event string

// The events.
const (
	Approve Event = "approve"
	Decline Event = "decline"
	Cancel  Event = "cancel"
	Reopen  Event = "reopen" // the remediation level of its device's group wants a person by now
	Begin   Event = "begin"  // it is handed to an executor
	Succeed Event = "succeed"
	Partly  Event = "partly"
	Fail    Event = "fail"
	TimeOut Event = "timeOut"
	TakeOff Event = "undo" // another action has taken it back
)

// becomes is the state machine: what an event makes of a state. What is not here can't happen. That a pending one expires is
// no event: it has expired as soon as the time has come, without anybody doing it.
var becomes = map[string]map[Event]string{
	PendingApproval:    {Approve: Queued, Decline: Declined, Cancel: Cancelled},
	Queued:             {Begin: InProgress, Cancel: Cancelled, Reopen: PendingApproval},
	InProgress:         {Succeed: Succeeded, Partly: PartiallySucceeded, Fail: Failed, TimeOut: TimedOut},
	TimedOut:           {Succeed: Succeeded, Partly: PartiallySucceeded, Fail: Failed}, // an answer that comes late is an answer
	Succeeded:          {TakeOff: Undone},
	PartiallySucceeded: {TakeOff: Undone},
}

// standings say a state to people.
var standings = map[string]string{
	PendingApproval: "waits for approval", Queued: "was approved", InProgress: "is being carried out", Succeeded: "was carried out", PartiallySucceeded: "was carried out in part",
	Failed: "failed", TimedOut: "timed out", Declined: "was declined", Expired: "expired before anybody decided", Cancelled: "was cancelled", Undone: "was undone",
}
