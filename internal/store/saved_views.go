package store

// SavedView is how somebody looks at a list: filters, order and columns, as the address of the page holds them.
type SavedView struct {
	Area  string // of the portal
	Name  string
	Query string
}

// SavedViewReader reads what people keep for themselves.
type SavedViewReader interface {
	// SavedViews gives those of one user, by area and name.
	SavedViews(user string) ([]SavedView, error)
}

// SavedViewWriter changes it.
type SavedViewWriter interface {
	// PutSavedView adds or replaces one, by area and name.
	PutSavedView(user string, v SavedView) error
	// RemoveSavedView tells whether there was one.
	RemoveSavedView(user, area, name string) (bool, error)
}
