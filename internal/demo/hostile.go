package demo

import "github.com/bailiwick/bailiwick/internal/hostile"

// hostile writes texts that harm who takes them for anything but text into a few alerts of every kind: title, description, names of
// files, devices, people and subjects. Alerts are written by attackers as much as by products.
func (g *generator) hostile() {
	attacks := hostile.Demo()
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
