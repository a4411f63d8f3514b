package store

import "time"

// NotificationRule says of which alerts whom is told. The zero value tells nobody of anything.
type NotificationRule struct {
	ID           string
	Name         string // no two that differ in case alone
	On           bool
	Severities   []string // of these; none: of no alert
	Everywhere   bool     // whatever devices an alert is about, and if it is about none
	DeviceGroups []string // else: a device in one of these; none: of no alert. They follow a rename and go with the group
	Recipients   []Recipient
	After        int64 // the Place of the last alert that it is not asked about
	Updated      time.Time
	UpdatedBy    string
}

// Recipient is who is told, and how. Webhooks are told what User may see.
type Recipient struct {
	User    string `json:"user"`
	Mail    string `json:"mail,omitempty"`    // address
	Webhook string `json:"webhook,omitempty"` // name; one of the two
}

// Way is whom and how, in one word: what goes one way goes one after the other. All addresses of a person are one way.
func (r Recipient) Way() string { return r.Webhook + "\n" + r.User }

// Notification is one message on its way, or what became of it. It holds no words: those are made of what its recipient may
// see at the moment it is sent.
type Notification struct {
	ID        string
	Rule      string
	RuleName  string // when it was made
	Alert     string
	Detection string // a custom detection that has paused; without either: a test
	To        Recipient
	Status    string
	Attempts  int
	Created   time.Time
	Updated   time.Time
	Next      time.Time // when to try; zero: it has come to an end
	Outcome   string
}

// NotificationQuery asks for one page of notifications, the last made first.
type NotificationQuery struct {
	Rule   string // empty: of all
	Status string // empty: whatever became of them
	After  NotificationPlace
	Limit  int
}

// NotificationPlace is where a page ended. The zero value is before the first.
type NotificationPlace struct {
	Created int64 // nanoseconds since 1970
	ID      string
}

// Arrival is an alert as it has come: Place counts up in the order in which they did.
type Arrival struct {
	Place    int64
	ID       string
	Severity string
	Class    int64
	Created  time.Time
	Updated  time.Time
}

// NotificationReader reads rules and what has come of them.
type NotificationReader interface {
	// NotificationRules gives all, by name.
	NotificationRules() ([]NotificationRule, error)
	NotificationRule(id string) (rule NotificationRule, found bool, err error)

	// Notifications gives one page; CountNotifications how many there are on all pages.
	Notifications(q NotificationQuery) ([]Notification, error)
	CountNotifications(q NotificationQuery) (int64, error)
	Notification(id string) (n Notification, found bool, err error)
	// NotificationsDue gives those that are to be tried by then, the longest waiting first; none for the full webhooks (an empty name:
	// by mail), and none that go one of the busy ways (Recipient.Way).
	NotificationsDue(by time.Time, full, busy []string, limit int) ([]Notification, error)
	// NotificationTold gives another one about the same alert to the same person in the same way, of whatever rule, that was sent or else
	// has been tried and not come to its end. Tests and paused detections are about no alert.
	NotificationTold(n Notification) (other Notification, found bool, err error)
	// NotificationsSent counts what a person was sent in one way (by mail, or by one webhook) since a moment.
	NotificationsSent(to Recipient, since time.Time) (int, error)

	// Arrivals gives the alerts that came after one, in their order, whoever may see them: it is for the rules to ask about.
	Arrivals(after int64, limit int) ([]Arrival, error)
	// LastArrival is the place of the last; 0: there is none.
	LastArrival() (int64, error)
	// NotificationPlace is up to where the rules have been asked.
	NotificationPlace() (int64, error)
}

// NotificationWriter changes them.
type NotificationWriter interface {
	// PutNotificationRule adds or replaces one. A device group that is not there is an error.
	PutNotificationRule(NotificationRule) error
	RemoveNotificationRule(id string) (found bool, err error)

	// AddNotification adds one, unless the same rule has told the same person of the same alert in the same way. Tests and paused detections are always added.
	AddNotification(Notification) (added bool, err error)
	// PutNotification writes how far one has come: status, attempts, times and outcome.
	PutNotification(Notification) error
	// ForgetNotifications drops those that came to an end before a moment.
	ForgetNotifications(before time.Time) (int64, error)
	SetNotificationPlace(place int64) error
}
