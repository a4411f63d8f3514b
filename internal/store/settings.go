package store

import "time"

// Settings are what the centre is told once, for everybody. The zero value is how it begins.
type Settings struct {
	TellHidden bool // how many alerts of an incident a reader does not see is told (S9)
	Updated    time.Time
	UpdatedBy  string
}

// SettingsReader reads them.
type SettingsReader interface{ Settings() (Settings, error) }

// SettingsWriter changes them.
type SettingsWriter interface{ SetSettings(Settings) error }
