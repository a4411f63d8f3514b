package response

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// automatic tells whether an automated action is carried out without a person, by the remediation level of the group that its
// device is in now, and why not. Only what is known to be malicious ever is. A level that nobody has set waits for a person,
// and so does one that allows no automation at all: the action came nevertheless, and nothing is lost.
func automatic(level string, a store.Action) (bool, string) {
	o, _ := store.ParseObject(a.Body.Entity)
	if verdict := o.Text("verdict"); verdict != "malicious" {
		return false, "only what is found malicious is remediated without a person, and this is " + first(verdict, "not judged")
	}
	folder := folderOf(targetOf(a))
	switch level {
	case "full":
		return true, ""
	case "semi-core":
		if folder == "" {
			return false, "the level of its device group wants a person for system folders, and it names no folder"
		}
		if inFolder(folder, systemFolders) {
			return false, "the level of its device group wants a person for system folders"
		}
		return true, ""
	case "semi-non-temp":
		if inFolder(folder, temporaryFolders) {
			return true, ""
		}
		return false, "the level of its device group wants a person for all but temporary folders"
	case "semi-all":
		return false, "the level of its device group wants a person for every remediation"
	case "none":
		return false, "the level of its device group allows no automated response"
	}
	return false, "no remediation level is set for its device group"
}

// folderOf is where the file of a target lies, in one spelling: in lower case, with backslashes, one at its end. A path that is not
// plainly one on a drive or from the root is none: there are many other names for the same folder.
func folderOf(t Target) string {
	path := strings.TrimPrefix(t.FilePath, `\\?\`)
	drive, unix := onDrive.MatchString(path), strings.HasPrefix(path, "/") && !strings.Contains(path, `\`)
	if !drive && !unix {
		return ""
	}
	path = strings.TrimSuffix(strings.ToLower(strings.ReplaceAll(path, "/", `\`)), `\`)
	for _, part := range strings.Split(path, `\`)[1:] {
		if part == "" || strings.ContainsAny(part, `~%:*?"<>|`) || strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") || strings.ContainsFunc(part, func(r rune) bool { return !unicode.IsPrint(r) }) {
			return ""
		}
	}
	return path + `\`
}

var onDrive = regexp.MustCompile(`^[a-zA-Z]:[\\/]`)

func inFolder(folder string, list []*regexp.Regexp) bool {
	for _, r := range list {
		if folder != "" && r.MatchString(folder) {
			return true
		}
	}
	return false
}

// systemFolders are those of the operating system and of its programs; temporaryFolders where downloads and the like lie.
var (
	systemFolders = []*regexp.Regexp{
		regexp.MustCompile(`^[a-z]:\\windows\\`), regexp.MustCompile(`^[a-z]:\\program files( \(x86\))?\\`), regexp.MustCompile(`^[a-z]:\\programdata\\microsoft\\`),
		regexp.MustCompile(`^\\(bin|sbin|lib|lib64|usr|etc|boot|opt|system|library|applications)\\`),
	}
	temporaryFolders = []*regexp.Regexp{
		regexp.MustCompile(`^[a-z]:\\users\\[^\\]+\\(appdata\\local\\temp|downloads)\\`), regexp.MustCompile(`^[a-z]:\\windows\\temp\\`),
		regexp.MustCompile(`^([a-z]:)?\\te?mp\\`), regexp.MustCompile(`^\\var\\tmp\\`), regexp.MustCompile(`^\\home\\[^\\]+\\downloads\\`),
	}
)

// levelOf is the remediation level of a device group; empty: none set.
func levelOf(s *rbac.Snapshot, group string) string {
	for _, g := range s.DeviceGroups() {
		if g.Name == group {
			return g.Remediation
		}
	}
	return ""
}
