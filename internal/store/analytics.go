package store

import "time"

// Report is one report of Threat analytics: what analysts wrote about a threat. What it means to the organisation is counted when
// somebody reads it, and is not stored.
type Report struct {
	ID        string
	Title     string
	Type      string // such as "Attack campaign"; empty: not said
	Severity  string // high, medium, low, informational, or unknown
	Published time.Time
	Updated   time.Time
	Body      ReportBody
}

// ReportBody is what no list is ordered by.
type ReportBody struct {
	Summary     string       `json:"summary,omitempty"` // Markdown, as Content
	Content     string       `json:"content,omitempty"`
	Tags        []string     `json:"tags,omitempty"`
	Techniques  []string     `json:"techniques,omitempty"` // T1059.001
	Actors      []string     `json:"actors,omitempty"`
	Detections  []string     `json:"detections,omitempty"` // titles of alerts, names of threats, ids of detectors; in any case
	Mitigations []Mitigation `json:"mitigations,omitempty"`
}

// Mitigation is one thing that a report asks for. It is measured by a check of the configuration or by a vulnerability, or by
// neither.
type Mitigation struct {
	ID            string `json:"id"`
	Title         string `json:"title"`
	Description   string `json:"description,omitempty"`
	Configuration string `json:"configurationId,omitempty"` // scid-2010, in lower case
	CVE           string `json:"cveId,omitempty"`           // CVE-2021-26855, in upper case
}

// Row is a row of a table of the streaming export: one of the types below.
type Row interface{ row() }

func (Vulnerability) row()   {}
func (VulnerabilityKB) row() {}
func (Configuration) row()   {}
func (ConfigurationKB) row() {}
func (Mail) row()            {}
func (DeviceSeen) row()      {}

// DeviceSeen is a row of DeviceInfo: what a device was at some time.
type DeviceSeen struct{ Device Device }

// Vulnerability is a row of DeviceTvmSoftwareVulnerabilities: a device has software with a known weakness.
type Vulnerability struct {
	Device                    Device // with Seen, when the row was sent
	Vendor, Software, Version string
	CVE, Severity             string
	Update                    string // that mends it
}

// VulnerabilityKB is a row of DeviceTvmSoftwareVulnerabilitiesKB. It is of no device.
type VulnerabilityKB struct {
	CVE, Severity, Description string
	CVSS                       float64 // 0: not scored
	Exploit                    bool    // is public
	Published, Modified        time.Time
}

// Configuration is a row of DeviceTvmSecureConfigurationAssessment: whether a device passed a check.
type Configuration struct {
	Device     Device // with Seen, when it was checked
	ID         string
	Applicable bool
	Compliant  bool
}

// ConfigurationKB is a row of DeviceTvmSecureConfigurationAssessmentKB. It is of no device.
type ConfigurationKB struct {
	ID, Name, Description, Risk, Category, Remediation string
	Impact                                             float64
	Seen                                               time.Time // when the row was sent
}

// Mail is a row of EmailEvents: a message to one recipient in which something was found.
type Mail struct {
	Message, Recipient, Sender, Subject, Direction string
	Action, Location                               string // DeliveryAction and DeliveryLocation: what became of it
	ThreatTypes                                    string
	Threats                                        []string // names
	Methods                                        string   // how it was found
	At                                             time.Time
	Sent                                           time.Time // when the row was: the last one tells where the message ended
}

// DeviceReach is the devices that a reader may know of. The zero value has none.
type DeviceReach struct {
	All    bool     // also those that nothing describes (S8)
	Groups []string // when not All
}

// RelatedQuery asks what alerts tell of a report: those that bear the name of a detection of it.
type RelatedQuery struct {
	Report  string // empty: of each of them
	Visible Visible
	Devices DeviceReach
	Since   time.Time // only for counts by day: made then or later
	Kind    string    // only for Assets: device, mailbox or user
	After   AssetPlace
	Limit   int
	Skip    int // only for incidents
}

// AssetPlace is where a page of assets ended: alerts first, then the id.
type AssetPlace struct {
	Alerts int64
	ID     string
}

// ReportCount is a number of a report's.
type ReportCount struct {
	Report string
	Kind   string // of alerts: active or resolved; of assets: device, mailbox or user; of exposure: one of those below
	Day    int64  // days since 1970, in UTC; only where it is asked by day
	Count  int64
}

// The kinds of what is counted of exposure: devices on which a mitigation is missing, those of them that have a vulnerability, and
// those that fail a check.
const (
	ExposedDevices       = "exposed"
	VulnerableDevices    = "vulnerable"
	MisconfiguredDevices = "misconfigured"
)

// Asset is something that alerts of a report were about.
type Asset struct {
	Kind        string
	ID, Name    string
	DeviceGroup string // of a device that is described
	Known       bool
	Alerts      int64
	Active      int64 // of them
	First, Last time.Time
}

// ExposureQuery asks how far devices are open to what a report is about.
type ExposureQuery struct {
	Report     string // empty: of each of them
	Mitigation string // only for ExposedDevices; empty: any
	Devices    DeviceReach
	After      ExposedPlace
	Limit      int
}

// ExposedPlace is where a page of exposed devices ended: the worst weakness first, then what lacks most, then the name and the id. The zero
// value is before the first.
type ExposedPlace struct {
	Severity int64 // rank
	Missing  int64
	Name, ID string
}

// MitigationCount is how many devices a mitigation is about, and on how many it is missing.
type MitigationCount struct {
	Report, Mitigation string
	Exposed            int64
	Checked            int64 // of a configuration: those that it applies to; of a vulnerability: those that are exposed
}

// ExposedDevice is a device on which a mitigation is missing.
type ExposedDevice struct {
	ID, Name, DeviceGroup string
	Known                 bool
	Mitigations           []string // ids of those that are missing
	Software              []string // what has the weakness, for vulnerabilities
	Severity              string   // of the worst weakness that it has; empty: none is rated
	Seen                  time.Time
	Place                 ExposedPlace
}

// MailQuery asks for the messages in which something was found that a report is about.
type MailQuery struct {
	Report string // empty: of each of them
	Since  time.Time
	After  MailPlace
	Limit  int
}

// MailPlace is where a page of messages ended, the newest first.
type MailPlace struct {
	At                 int64 // nanoseconds since 1970
	Message, Recipient string
}

// AnalyticsReader reads Threat analytics. What a reader may know is in each question.
type AnalyticsReader interface {
	// Reports gives all of them without their content, the last updated first; Report one with it.
	Reports() ([]Report, error)
	Report(id string) (report Report, found bool, err error)

	// RelatedAlerts counts alerts by report and state; RelatedDays by the day on which they were made, too.
	RelatedAlerts(q RelatedQuery) ([]ReportCount, error)
	RelatedDays(q RelatedQuery) ([]ReportCount, error)
	// AssetCounts counts what those alerts are about by report and kind; AssetDays by day, too; Assets gives a page of one kind.
	AssetCounts(q RelatedQuery) ([]ReportCount, error)
	AssetDays(q RelatedQuery) ([]ReportCount, error)
	Assets(q RelatedQuery) ([]Asset, error)
	// RelatedIncidents gives a page of their incidents, the newest alert first, and how many there are on all pages.
	RelatedIncidents(q RelatedQuery) (ids []string, total int64, err error)

	// ExposedCounts counts, by report and kind, the devices on which one of its mitigations is missing; MitigationCounts by mitigation.
	ExposedCounts(q ExposureQuery) ([]ReportCount, error)
	MitigationCounts(q ExposureQuery) ([]MitigationCount, error)
	ExposedDevices(q ExposureQuery) ([]ExposedDevice, error)
	// CheckedDevices counts those of which anything is known about weaknesses or configuration.
	CheckedDevices(d DeviceReach) (int64, error)
	// VulnerabilityKB and ConfigurationKB give what is known in general.
	VulnerabilityKB(cve string) (kb VulnerabilityKB, found bool, err error)
	ConfigurationKB(id string) (kb ConfigurationKB, found bool, err error)

	// PreventedCounts counts, by report, the messages that were blocked or junked; PreventedDays by day, too; Prevented gives a
	// page of them. MailSeen tells whether any message has been loaded.
	PreventedCounts(q MailQuery) ([]ReportCount, error)
	PreventedDays(q MailQuery) ([]ReportCount, error)
	Prevented(q MailQuery) ([]Mail, error)
	MailSeen() (bool, error)
}

// AnalyticsWriter changes it. Reports and rows come in as records do: see RecordTaker.
type AnalyticsWriter interface {
	// RemoveReport forgets a report.
	RemoveReport(id string) (found bool, err error)
}
