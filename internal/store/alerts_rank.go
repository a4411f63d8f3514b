package store

// SeverityRank orders severities. The numbers are the metadata's; what nobody knows ranks with unknown.
func SeverityRank(name string) int64 {
	for _, s := range severities {
		if s.name == name {
			return s.rank
		}
	}
	return 0
}

// SeverityOf names a rank.
func SeverityOf(rank int64) string {
	for _, s := range severities {
		if s.rank == rank {
			return s.name
		}
	}
	return "unknown"
}

// StatusRank orders the statuses of alerts and incidents: what needs somebody first. What nobody knows is the last.
func StatusRank(name string) int64 {
	for _, s := range statuses {
		if s.name == name {
			return s.rank
		}
	}
	return UnknownStatus
}

// UnknownStatus is the rank of a status that nobody knows.
const UnknownStatus = 99

// EachStatus gives each known status and its rank.
func EachStatus(f func(name string, rank int64)) {
	for _, s := range statuses {
		f(s.name, s.rank)
	}
}

// EachSeverity gives each known severity and its rank.
func EachSeverity(f func(name string, rank int64)) {
	for _, s := range severities {
		f(s.name, s.rank)
	}
}

type ranked struct {
	name string
	rank int64
}

var severities = []ranked{{"unknown", 0}, {"informational", 32}, {"low", 64}, {"medium", 128}, {"high", 256}, {Sentinel, 511}}

var statuses = []ranked{{"unknown", 0}, {"active", 1}, {"new", 2}, {"inProgress", 4}, {"awaitingAction", 5}, {"resolved", 8}, {"redirected", 64}}
