package syntax

import "strings"

// A word of the language can be a name in some places, in more places, or in none.

// names are keywords that can stand wherever a name can.
var names = set(`access alias bin consume count database declare default distinct entity_group evaluate extend dataformat
	inline_external_table datetime_pattern facet filter fork from getschema edges id best_effort join let limit lookup mvapply
	mvexpand nodes null nulls on optional order output pack parse __partitionby partition pattern plotly graph query_parameters
	range reduce regex render restrict scan serialize sort step summarize take top typeof uuid view with with_node_id bool guid`)

// declared are keywords that can be names only where one is declared: before = or :.
var declared = set(`accumulate as by contains datatable earliest externaldata find has in invoke latest materialize mdm of print
	sample search set sql title to toscalar totable verbose viewers where sample-distinct top-nested top-hitters`)

// special are keywords that can be names in a path.
var special = set(`kind withsource with_source`)

// reserved are keywords that are never names; as one they need brackets.
var reserved = set(`__crossCluster __crossDB __id __isFuzzy __noWithSource __packedColumn __sourceColumnIndex 3Dchart and anomalychart
	areachart asc bagexpansion barchart between cachingpolicy callout cancel card columnchart containscs contains_cs
	__contextual_datatable cycles dataexport datascope decodeblocks desc encodingpolicy endswith endswith_cs __executeAndCache
	expandoutput extent_tags_retention external_data first flags harddelete hardretention has_any has_all has_cs hasprefix
	hasprefix_cs hassuffix hassuffix_cs hotcache isfuzzy force_remote journal kind ladderchart last like likecs linechart matches
	missing nooptimization notcontains notcontainscs notlike notlikecs or others pathformat piechart pivotchart project queries
	query_results relaxed restricted_view_access row_level_security rowstore rowstore_references rowstore_sealinfo rowstorepolicy
	rowstores scatterchart seal seals shards simple softdelete softretention stackedareachart startswith startswith_cs statistics
	storedqueryresultcontainers tablepurge timechart timeline timepivot treemap union unrestrictedviewers with_itemindex
	with_match_id with_source with_step_name withsource writeaheadlog boolean int8 char uint8 byte int16 uint16 int int32 uint
	uint32 long int64 ulong uint64 float real decimal double string time timespan date datetime uniqueid dynamic`)

// compound are the keywords that are more than letters. They are words as a whole wherever they stand.
var compound = strings.Fields(`mv-expand mv-apply project-away project-keep project-rename project-reorder project-by-names
	project-smart sample-distinct top-nested top-hitters make-series parse-where parse-kv granny-asc granny-desc assert-schema
	graph-match graph-shortest-paths graph-to-table graph-mark-components graph-where-nodes graph-where-edges make-graph
	macro-expand partitioned-by materialized-view-combine hint.strategy hint.shufflekey hint.num_partitions hint.remote hint.spread
	hint.concurrency hint.distribution hint.materialized hint.progressive_top hint.pass_filters hint.pass_filters_column
	in~ !in~ !in !between !contains !contains_cs !endswith !endswith_cs !has !has_cs !hasprefix !hasprefix_cs !hassuffix
	!hassuffix_cs !startswith !startswith_cs`)

var compounds = set(strings.Join(compound, " "))

// compoundBy is those of a first letter.
var compoundBy = func() (table [256][]string) {
	for _, w := range compound {
		table[w[0]] = append(table[w[0]], w)
	}
	return table
}()

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// isKeyword tells words of the language from names.
func isKeyword(w string) bool { return names[w] || declared[w] || reserved[w] || compounds[w] }

// canBeName says whether a word can stand where a name is read.
func canBeName(w string) bool { return names[w] || !isKeyword(w) }

// canBeDeclared says whether a word can stand where a name is made.
func canBeDeclared(w string) bool { return canBeName(w) || declared[w] }

// timeUnits is how many ticks of 100 nanoseconds each unit of a timespan literal is worth.
var timeUnits = func() map[string]int64 {
	const second = 10_000_000
	m := map[string]int64{}
	for names, ticks := range map[string]int64{
		"d day days": 86400 * second, "h hr hrs hour hours": 3600 * second, "m min minute minutes": 60 * second, "s sec second seconds": second,
		"ms milli millis millisec millisecond milliseconds": 10_000, "micro micros microsec microsecond microseconds": 10,
		"nano nanos nanosec nanosecond nanoseconds": 0, "tick ticks": 1,
	} {
		for _, name := range strings.Fields(names) {
			m[name] = ticks
		}
	}
	return m
}()
