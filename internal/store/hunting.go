package store

import "time"

// HuntingQuery is a query that somebody keeps: its text, and nothing of what it ever found.
type HuntingQuery struct {
	ID          string
	Owner       string
	Folder      string // of the owner's; empty: of none
	Name        string // no two of an owner's folder that differ in case alone
	Description string
	Text        string
	Sharing     string // what others may do with it; empty: nothing
	Updated     time.Time
	UpdatedBy   string
}

// HuntingRun is that somebody ran a query. It holds no row of the answer.
type HuntingRun struct {
	ID       string
	User     string
	At       time.Time
	Text     string
	Timespan string
	Via      string // session, token, cli
	State    string
	Rows     int64
	Took     time.Duration
	CPU      time.Duration
	Problem  string // what the person was told, if it did not go well
}

// HuntingPlace is where a page of runs ended. The zero value is before the first.
type HuntingPlace struct {
	At int64 // nanoseconds since 1970
	ID string
}

// HuntingLink is the alert that somebody made of rows of a hunt.
type HuntingLink struct {
	User, Key string // of the request; a user has each key once. No key: only the rows are noted
	Request   string // a digest of what was asked
	Alert     string
	Rows      int64 // that it was made of
	Known     int64 // rows that were left out, for they were in the incident
	At        time.Time
}

// HuntingReader reads what people keep of their hunting.
type HuntingReader interface {
	// HuntingQueries gives those of one user and those that others share, by folder and name.
	HuntingQueries(user string) ([]HuntingQuery, error)
	HuntingQuery(id string) (q HuntingQuery, found bool, err error)

	// HuntingRuns gives a page of one user's, the last first; CountHuntingRuns how many there are on all pages.
	HuntingRuns(user string, after HuntingPlace, limit int) ([]HuntingRun, error)
	CountHuntingRuns(user string) (int64, error)

	// HuntingLink gives what a user made by a key.
	HuntingLink(user, key string) (l HuntingLink, found bool, err error)
	// LinkedRows gives the alerts of an incident that were made of these rows, by row and in the order of their ids.
	LinkedRows(incident string, rows []string) (map[string][]string, error)
}

// HuntingWriter changes it.
type HuntingWriter interface {
	// PutHuntingQuery adds or replaces one. Two of one name in a folder of one owner are a conflict.
	PutHuntingQuery(HuntingQuery) error
	RemoveHuntingQuery(id string) (found bool, err error)

	// AddHuntingRun adds one; of its user those beyond most are forgotten, the oldest first.
	AddHuntingRun(r HuntingRun, most int) error
	// ForgetHuntingRuns drops those of everybody before a moment, or with a user all of theirs.
	ForgetHuntingRuns(user string, before time.Time) (int64, error)

	// AddHuntingLink notes that an alert was made of rows, which are known by digests. A key that its user has had is a conflict.
	AddHuntingLink(l HuntingLink, rows []string) error
	// ForgetHuntingLinks drops the keys of everybody before a moment. The rows stay for as long as their alerts.
	ForgetHuntingLinks(before time.Time) error
}
