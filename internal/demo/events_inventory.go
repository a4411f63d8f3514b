package demo

import (
	"fmt"
	"strings"
	"time"
)

// How often what there is is told again: each device and person every so many days.
const (
	toldEvery  = 6
	toldFirst  = days
	softwareOf = 6
)

var software = []struct{ vendor, name, version, support string }{
	{"microsoft", "office", "16.0.17328.20162", ""}, {"microsoft", "edge_chromium-based", "124.0.2478.51", ""}, {"google", "chrome", "124.0.6367.60", ""}, {"mozilla", "firefox", "115.9.1", ""},
	{"adobe", "acrobat_reader_dc", "24.002.20687", ""}, {"7-zip", "7-zip", "23.01", ""}, {"rarlab", "winrar", "6.22.0.0", ""}, {"oracle", "jre", "1.8.0.311", "EOS Version"}, {"putty", "putty", "0.78", ""},
	{"apache", "log4j", "2.14.1", ""}, {"example_software", "example_backup", "7.1.4", ""}, {"python", "python", "3.7.9", "EOS Software"},
}

// inventory writes what there is: devices and how they are connected, what runs on them, people, and apps with consent.
func (j *journal) inventory() {
	for _, d := range j.devices {
		for day := toldFirst; day >= 0; day -= toldEvery {
			j.deviceInfo(d, j.now.Add(-time.Duration(day)*24*time.Hour-time.Duration(j.r.IntN(3600))*time.Second))
		}
		for day := 28; day >= 0; day -= 14 {
			j.networkInfo(d, j.now.Add(-time.Duration(day)*24*time.Hour-time.Duration(j.r.IntN(3600))*time.Second))
		}
		first := j.r.IntN(len(software))
		for i := range softwareOf {
			s := software[(first+i)%len(software)]
			j.write("DeviceTvmSoftwareInventory", j.now.Add(-4*time.Hour), object{
				"DeviceId": d.id, "DeviceName": d.host + "." + d.domain, "OSPlatform": d.os, "OSArchitecture": "x64", "SoftwareVendor": s.vendor, "SoftwareName": s.name, "SoftwareVersion": s.version, "EndOfSupportStatus": s.support})
		}
	}
	for i, p := range append(j.people, sampleDevice.owner, bait) {
		at := j.now.Add(-time.Duration(2+i%20) * time.Hour)
		info := object{
			"AccountObjectId": p.id, "AccountUpn": p.upn, "OnPremSid": p.sid, "AccountDisplayName": p.name, "AccountName": p.account, "AccountDomain": domainOf(p), "EmailAddress": p.upn, "IsAccountEnabled": true, "Type": "User",
			"Department": []string{"Sales", "Finance", "Engineering", "Human resources", "Operations"}[i%5], "JobTitle": []string{"Manager", "Specialist", "Assistant"}[i%3], "City": home.city, "Country": home.country, "TenantId": tenant, "SourceSystem": "AzureActiveDirectory",
			"Tags": []string{}, "AssignedRoles": []string{}}
		first, last, _ := strings.Cut(p.name, " ")
		info["GivenName"], info["Surname"] = first, last
		switch {
		case p.account == bait.account:
			info["Tags"], info["Type"], info["Department"] = []string{"Honeytoken"}, "ServiceAccount", ""
		case i%25 == 3:
			info["Tags"], info["AssignedRoles"] = []string{"Sensitive"}, []string{"Exchange Administrator"}
		}
		j.of("IdentityInfo", at, info)
		j.of("IdentityInfo", at.Add(-14*24*time.Hour), info)
	}
	for _, name := range []string{"Calendar Plus", "Mail Booster", "Quick Scan PDF"} {
		j.of("OAuthAppInfo", j.now.Add(-20*24*time.Hour), object{
			"OAuthAppId": oauthApps[name], "AppName": name, "AppStatus": "Enabled", "PrivilegeLevel": "Low", "IsAdminConsented": false, "AppOrigin": "External", "ConsentedUsersCount": 1})
	}
}

func (j *journal) deviceInfo(d device, at time.Time) {
	kind := "Workstation"
	if isServer(d) {
		kind = "Server"
	}
	tags := "[]"
	if len(d.tags) > 0 {
		tags = `["` + strings.Join(d.tags, `","`) + `"]`
	}
	version := map[string]string{"Windows10": "10.0", "Windows11": "10.0", "WindowsServer2019": "10.0", "WindowsServer2022": "10.0", "macOS": "14.4", "Linux": "12"}[d.os]
	p := object{
		"OSPlatform": d.os, "OSVersion": version, "OSArchitecture": "64-bit", "ClientVersion": "10.8560.25364.1036", "PublicIP": "203.0.113.44", "MachineGroup": d.group, "OnboardingStatus": "Onboarded", "DeviceCategory": "Endpoint",
		"DeviceType": kind, "SensorHealthState": "Active", "JoinType": "Domain Joined", "IsAzureADJoined": false, "DeviceManualTags": tags, "DeviceDynamicTags": "[]", "ExposureLevel": []string{"Low", "Medium", "High"}[d.id[0]%3],
		"LoggedOnUsers": string(encode([]object{{"UserName": d.owner.account, "DomainName": domainOf(d.owner), "Sid": d.owner.sid}})), "IsInternetFacing": d.id[1] == '0', "AssetValue": "Normal",
	}
	if d.build > 0 {
		p["OSBuild"] = d.build
	}
	if strings.Contains(d.host, "-dc-") {
		p["AssetValue"] = "High"
	}
	j.on("DeviceInfo", at, d, p)
}

func (j *journal) networkInfo(d device, at time.Time) {
	j.on("DeviceNetworkInfo", at, d, object{
		"NetworkAdapterName": "{" + digest(d.id)[:8] + "}", "MacAddress": strings.ToUpper(digest(d.host)[:12]), "NetworkAdapterType": "Ethernet", "NetworkAdapterStatus": "Up",
		"IPAddresses": fmt.Sprintf(`[{"IPAddress":"%s","SubnetPrefix":24,"AddressType":"Private"}]`, addressOf(d)), "DnsAddresses": `["10.20.0.10","10.20.0.11"]`, "DefaultGateways": `["10.20.0.1"]`,
		"ConnectedNetworks": `[{"Name":"` + d.domain + `","Category":"DomainAuthenticated","IsConnectedToInternet":true}]`, "IPv4Dhcp": "10.20.0.10"})
}
