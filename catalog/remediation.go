package catalog

// RemediationLevels are how far a product goes by itself on the devices of a group, from not at all to all the way. A
// device group without one has none set.
var RemediationLevels = []string{"none", "semi-all", "semi-non-temp", "semi-core", "full"}
