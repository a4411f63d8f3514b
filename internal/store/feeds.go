package store

import "time"

// Feed is something from elsewhere that hunting queries look up, and how far the centre's copy of it has come.
type Feed struct {
	ID        string        `json:"-"`
	Name      string        `json:"-"`         // no two that differ in case alone
	Kind      string        `json:"kind"`      // rows, files or places
	Addresses []string      `json:"addresses"` // that queries name it by; the first is where it is fetched
	Format    string        `json:"format"`
	Every     time.Duration `json:"every"`   // between two fetches; 0: it is loaded by hand
	Within    bool          `json:"within"`  // its address may be within the centre's own network
	Readers   []string      `json:"readers"` // the workloads whose hunters may read its rows; none: nobody
	Updated   time.Time     `json:"updated"`
	UpdatedBy string        `json:"updatedBy"`

	// What has been loaded. A version that could not be loaded changes none of it.
	File     string    `json:"file,omitempty"`
	Version  int64     `json:"version,omitempty"`
	Rows     int64     `json:"rows,omitempty"`
	Bytes    int64     `json:"bytes,omitempty"`
	Columns  []string  `json:"columns,omitempty"` // what the first line names, or the properties of the first record
	Loaded   time.Time `json:"loaded,omitzero"`
	LoadedBy string    `json:"loadedBy,omitempty"` // empty: it was fetched
	Etag     string    `json:"etag,omitempty"`     // by which its server knows whether it has another
	Modified string    `json:"modified,omitempty"`

	// How fetching goes.
	Checked  time.Time `json:"checked,omitzero"`
	Next     time.Time `json:"-"` // when it is fetched next; zero: it is not
	Problem  string    `json:"problem,omitempty"`
	Failures int       `json:"failures,omitempty"`
}

// FeedReader reads them.
type FeedReader interface {
	// Feeds gives all, by name.
	Feeds() ([]Feed, error)
	Feed(id string) (f Feed, found bool, err error)
	// FeedsDue gives those that are to be fetched by then.
	FeedsDue(by time.Time) ([]Feed, error)
}

// FeedWriter changes them.
type FeedWriter interface {
	// PutFeed adds or replaces one. Two of one name are a conflict.
	PutFeed(Feed) error
	RemoveFeed(id string) (found bool, err error)
}
