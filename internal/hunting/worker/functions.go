package worker

// Functions are the engine's functions that a statement may use, by their names in it. None reads a file or a setting, none makes another
// statement of a text, and none but the few that are bounded elsewhere can make a value much larger than what it is given.
var Functions = []string{
	// operators that are functions
	"+", "-", "*", "/", "//", "%", "||", "~~", "!~~",
	// text
	"lower", "upper", "length", "strlen", "contains", "starts_with", "suffix", "substring", "rtrim", "replace",
	"string_split", "regexp_matches", "regexp_extract", "decode", "unhex",
	// numbers
	"ceil", "floor", "isnan", "greatest", "least", "trunc", "random",
	// truth and absence
	"coalesce", "nullif",
	// lists and JSON
	"list_value", "list_contains", "len", "list_extract", "array_extract", "list_slice", "list_sort", "list_transform", "list_reduce", "list_append", "array_to_string", "list_zip", "flatten", "unnest", "struct_pack", "row", "struct_extract", "map",
	"json", "json_extract", "json_extract_string", "json_type", "json_keys", "json_valid", "to_json",
	// many rows to one
	"count", "count_star", "countif", "sum", "avg", "min", "max", "any_value", "first", "last", "arg_min", "arg_max", "list", "quantile_disc", "stddev_samp", "stddev_pop", "var_samp", "var_pop", "variance", "covar_samp", "covar_pop", "bit_and", "bit_or", "bit_xor",
	// rows beside each other
	"row_number", "rank", "lag", "lead",
}

// TableFunctions are those that may stand where a relation does. What they make is bounded by what is given to them.
var TableFunctions = []string{"unnest"}
