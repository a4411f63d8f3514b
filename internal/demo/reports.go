package demo

import (
	"embed"
	"strings"
	"time"
)

//go:embed reports/*.md
var reportTexts embed.FS

// reportAges are the reports of Threat analytics, and how many days ago each was published and last updated. Their actors are made
// up, the techniques are those of MITRE ATT&CK, and the detections those of detectors.go.
var reportAges = []struct {
	name               string
	published, updated int
}{
	{"saffron-heron-invoices", 19, 1}, {"hands-on-keyboard", 60, 60}, {"grey-lantern", 85, 3}, {"copper-wren-payments", 26, 26}, {"bundlor", 12, 12}, {"log4shell-again", 240, 9},
	{"zerologon", 190, 40}, {"print-spooler", 120, 120}, {"winrar-decoys", 33, 33}, {"scheduled-tasks", 75, 16}, {"chat-strangers", 6, 6}, {"consent-phishing", 48, 48},
}

// reports gives them as the Markdown files that anybody would write, a file each.
func reports(now time.Time) []File {
	var all []File
	for _, r := range reportAges {
		text, err := reportTexts.ReadFile("reports/" + r.name + ".md")
		if err != nil {
			panic(err) // it is part of the program
		}
		day := func(ago int) string { return now.UTC().AddDate(0, 0, -ago).Format(time.DateOnly) }
		all = append(all, File{r.name + ".md", []byte(strings.NewReplacer("{published}", day(r.published), "{updated}", day(r.updated)).Replace(string(text)))})
	}
	return all
}
