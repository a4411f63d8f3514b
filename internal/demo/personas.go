package demo

// Persona is one of Contoso's people, as the demo's sign-in page offers them.
type Persona struct {
	User        string // their name in the policy file
	DisplayName string
	Role        string // what they are, in a few words
	Description string // what to look for when signed in as them
}

// Personas are all of Contoso's people, in the order of the sign-in page: the widest access first.
func Personas() []Persona {
	return append([]Persona(nil), personas...)
}

var personas = []Persona{
	{"ada@contoso.example", "Ada Lindqvist", "Global Administrator",
		"Everything, in every product; may also hand out global roles."},
	{"sven@contoso.example", "Sven Aaker", "Security Administrator",
		"Everything too: the other role that the endpoint roles switch does not touch."},
	{"gita@contoso.example", "Gita Rao", "Global Reader",
		"Reads mail, cloud apps and identity, and all roles; endpoint roles took endpoint away. Changes nothing."},
	{"tomas@contoso.example", "Tomas Novak", "Security Reader",
		"Lost endpoint when endpoint roles were turned on: nobody gave him a custom role."},
	{"oskar@contoso.example", "Oskar Wirth", "Security Operator",
		"Manages alerts of mail, cloud apps and identity; endpoint is closed to him."},
	{"elena@contoso.example", "Elena Rossi", "Tier 1, Europe",
		"Sees endpoint alerts of European devices and can change none of them."},
	{"emil@contoso.example", "Emil Hansen", "Tier 2, Europe",
		"Works European devices and mail; an incident with a cloud part shows him why he cannot close it."},
	{"uma@contoso.example", "Uma Patel", "Tier 1, United States",
		"The same role as Elena, on American devices: another queue."},
	{"ursula@contoso.example", "Ursula Grant", "Tier 2, United States",
		"Investigates and remediates on American devices, no mail."},
	{"priya@contoso.example", "Priya Nair", "Two groups",
		"Reads in Europe, works in the United States: what one group permits never holds on what the other reaches."},
	{"ines@contoso.example", "Ines Costa", "Major incident lead",
		"May manage an incident of several products, because she may manage each of them."},
	{"enzo@contoso.example", "Enzo Ferrara", "Endpoint administrator",
		"The built-in endpoint role: all devices, device groups and endpoint roles; no mail, no cloud."},
	{"vera@contoso.example", "Vera Tran", "Exposure viewer",
		"Threat and vulnerability data only: no alert, no incident."},
	{"samir@contoso.example", "Samir Haddad", "Sales IT",
		"One device group, and the part of each incident that happened there."},
	{"marta@contoso.example", "Marta Silva", "Mail reader",
		"Every mail alert, greyed buttons: reading is not managing."},
	{"milo@contoso.example", "Milo Brandt", "Mail alert desk",
		"May manage mail alerts but not view them, so the queue stays closed (P1)."},
	{"pavel@contoso.example", "Pavel Dvorak", "Mail purger",
		"May remove mail, sees no queue."},
	{"rolf@contoso.example", "Rolf Meyer", "Mail role manager",
		"Makes mail roles, but cannot hand out a permission he does not hold."},
	{"chloe@contoso.example", "Chloe Dubois", "Cloud apps reader",
		"Reads cloud apps and, with them, identity; the one cloud role that may not manage alerts."},
	{"carlos@contoso.example", "Carlos Mendez", "Cloud apps analyst",
		"Manages cloud app and identity alerts with a role called Security reader."},
	{"gustav@contoso.example", "Gustav Berg", "User group admin",
		"A cloud apps role that opens nothing in the security centre."},
	{"conrad@contoso.example", "Conrad Field", "Contractor, ended",
		"Had tier 2 on European servers until the assignment's last day."},
	{"noah@contoso.example", "Noah Kim", "New joiner",
		"Signed in, no role yet: sees what is missing and who can grant it."},
}
