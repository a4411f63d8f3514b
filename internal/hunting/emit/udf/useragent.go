package udf

import (
	"regexp"
	"strings"
)

func init() {
	add("parse_user_agent", "s|d", Dynamic, func(a Args) any {
		asked := textsOf(a.D(1))
		if !a.Has(1) {
			asked = []string{"browser", "os", "device"}
		}
		b := &Bag{}
		for _, what := range asked {
			switch strings.ToLower(what) {
			case "browser":
				f := first(browsers, a.S(0))
				b.Set("Browser", bagOf("Family", f[0], "MajorVersion", f[1], "MinorVersion", f[2], "Patch", f[3]))
			case "os":
				b.Set("OperatingSystem", operatingSystem(a.S(0)))
			case "device":
				b.Set("Device", device(a.S(0)))
			}
		}
		return JSON(b)
	})
}

// known is a pattern of user agents, and what it is one of. Its groups are the version.
type known struct {
	family  string
	pattern *regexp.Regexp
}

func kind(family, pattern string) known { return known{family, regexp.MustCompile(pattern)} }

const versions = `(\d+)(?:[._](\d+))?(?:[._](\d+))?`

// browsers are tried in their order: many say that they are others too.
var browsers = []known{
	kind("AdobeAIR", `AdobeAIR/`+versions), kind("Edge", `(?:Edge|Edg|EdgA|EdgiOS)/`+versions), kind("Opera", `(?:OPR|Opera)[/ ]`+versions),
	kind("Samsung Internet", `SamsungBrowser/`+versions), kind("Yandex Browser", `YaBrowser/`+versions), kind("Vivaldi", `Vivaldi/`+versions),
	kind("Electron", `Electron/`+versions), kind("HeadlessChrome", `HeadlessChrome/`+versions), kind("Firefox iOS", `FxiOS/`+versions),
	kind("Chrome Mobile iOS", `CriOS/`+versions), kind("Chrome Mobile", `Chrome/`+versions+`\S* Mobile`), kind("Chrome", `(?:Chrome|Chromium)/`+versions),
	kind("Thunderbird", `Thunderbird/`+versions), kind("Firefox Mobile", `(?:Mobile|Tablet).*Firefox/`+versions), kind("Firefox", `Firefox/`+versions),
	kind("IE Mobile", `IEMobile[/ ]`+versions), kind("IE", `MSIE `+versions), kind("IE", `Trident/.*rv:`+versions),
	kind("Nokia OSS Browser", `Series60/`+versions), kind("Mobile Safari", `Version/`+versions+`.*Mobile.*Safari`), kind("Safari", `Version/`+versions+`.*Safari`),
	kind("PowerShell", `PowerShell/`+versions), kind("curl", `curl/`+versions), kind("Wget", `Wget/`+versions), kind("Python Requests", `python-requests/`+versions),
	kind("Python aiohttp", `aiohttp/`+versions), kind("Go-http-client", `Go-http-client/`+versions), kind("okhttp", `okhttp/`+versions), kind("Java", `Java/`+versions),
	kind("axios", `axios/`+versions), kind("PostmanRuntime", `PostmanRuntime/`+versions), kind("Googlebot", `Googlebot/`+versions), kind("bingbot", `bingbot/`+versions),
	kind("Outlook", `Microsoft Outlook `+versions), kind("Microsoft Office", `Microsoft Office/`+versions),
}

func first(list []known, s string) [4]string {
	for _, k := range list {
		if m := k.pattern.FindStringSubmatch(s); m != nil {
			f := [4]string{k.family}
			copy(f[1:], m[1:])
			return f
		}
	}
	return [4]string{"Other"}
}

var systems = []known{
	kind("Windows Phone", `Windows Phone(?: OS)? `+versions), kind("Symbian OS", `Symbian ?OS/`+versions), kind("iOS", `(?:iPhone|iPad|iPod).* OS `+versions),
	kind("Mac OS X", `Mac OS X `+versions), kind("Android", `Android `+versions), kind("Chrome OS", `CrOS \S+ `+versions), kind("Ubuntu", `Ubuntu(?:/`+versions+`)?`),
	kind("Linux", `Linux(?:[/ ]`+versions+`)?`),
}

var windows = regexp.MustCompile(`Windows (?:NT (\d+\.\d+)|(98|95|CE))`)

var windowsNames = map[string]string{"10.0": "10", "6.3": "8.1", "6.2": "8", "6.1": "7", "6.0": "Vista", "5.2": "XP", "5.1": "XP", "5.0": "2000"}

func operatingSystem(s string) *Bag {
	f := first(systems, s)
	if m := windows.FindStringSubmatch(s); m != nil {
		version := m[2]
		if m[1] != "" {
			version = windowsNames[m[1]]
		}
		major, minor, _ := strings.Cut(version, ".")
		f = [4]string{"Windows", major, minor}
	}
	return bagOf("Family", f[0], "MajorVersion", f[1], "MinorVersion", f[2], "Patch", f[3], "PatchMinor", "")
}

var (
	nokia   = regexp.MustCompile(`Nokia([A-Za-z0-9]+)(-\d+)?`)
	apple   = regexp.MustCompile(`\((iPhone|iPad|iPod)`)
	android = regexp.MustCompile(`Android[^;)]*; (?:[a-z]{2}-[a-zA-Z]{2}; )?([^;)]+?)(?: Build/[^;)]*)?[;)]`)
	spiders = regexp.MustCompile(`(?i)bot\b|crawler|spider`)
)

func device(s string) *Bag {
	family, brand, model := "Other", "", ""
	if m := nokia.FindStringSubmatch(s); m != nil {
		family, brand, model = "Nokia "+m[1], "Nokia", m[1]+m[2]
	} else if m := apple.FindStringSubmatch(s); m != nil {
		family, brand, model = m[1], "Apple", m[1]
	} else if m := android.FindStringSubmatch(s); m != nil {
		family, brand, model = m[1], "Generic_Android", m[1]
		if strings.HasPrefix(m[1], "SM-") {
			family, brand = "Samsung "+m[1], "Samsung"
		}
	} else if strings.Contains(s, "Macintosh") {
		family, brand, model = "Mac", "Apple", "Mac"
	} else if spiders.MatchString(s) {
		family, brand, model = "Spider", "Spider", "Desktop"
	}
	return bagOf("Family", family, "Brand", brand, "Model", model)
}
