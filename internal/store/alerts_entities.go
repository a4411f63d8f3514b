package store

// EntityKind says what an entity is.
type EntityKind string

// The kinds, and what their keys are. A key is in lower case, without blanks around it, and at most maxEntityKey bytes; what
// can't be written so names nothing.
const (
	EntityDevice  EntityKind = "device"  // the device's id, as Device has it
	EntityUser    EntityKind = "user"    // user principal name, else domain\account, else an id as EntityAccount has it
	EntityAccount EntityKind = "account" // other ids of a user: sid:s-1-5-21-..., aad:<object id>
	EntityMailbox EntityKind = "mailbox" // address
	EntityMessage EntityKind = "message" // networkMessageId
	EntityApp     EntityKind = "app"     // application id: of a cloud app a number, of an OAuth app a GUID
	EntityFile    EntityKind = "file"    // SHA-256 of its content, else SHA-1, else MD5, as hex
	EntityIP      EntityKind = "ip"      // address
	EntityURL     EntityKind = "url"     // without its fragment
)

// Entity is something that an alert's evidence names.
//
// The store keeps them apart (tables entities and alert_entities), so that alerts are found by what they name: ask for them
// with Names in AlertQuery.Where, and lists, counts and pages work as with any other condition. An alert that a reader sees may
// name an entity in evidence that they do not see, because that is of a device out of their reach (S8): Names takes the reader's
// EvidenceReach for that. Whatever else reads alert_entities has to cut by class (the alert) and by device and closed (the
// evidence) alike.
type Entity struct {
	Kind EntityKind
	Key  string
	Name string // what the evidence calls it: of people, mailboxes and apps; empty: nothing but the key

	// Device is the one device that the evidence is of, among those of the alert; empty: of none. Closed evidence is of several devices, or does not say of
	// which: of an alert with devices out of reach a reader is not shown it.
	Device string
	Closed bool

	// Ties says that another alert that names the same thing shortly before or after has to do with this one.
	Ties bool
}

// EvidenceReach is how much a reader sees of the evidence of alerts that are in sight. The zero value sees what is of no device.
type EvidenceReach struct {
	Whole  Visible  // the classes of which they reach every device: all of the evidence
	Groups []string // the device groups that they reach: of other alerts, the evidence of devices in these
}

// Names holds for alerts that name an entity in evidence within reach.
type Names struct {
	Kind  EntityKind
	Key   string
	Reach EvidenceReach
}

func (Names) where() {}
