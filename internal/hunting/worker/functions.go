package worker

// Functions are the engine's functions that a statement may use, by their names in it. None reads a file or a setting, none makes another
// statement of a text, and none but the few that are bounded elsewhere can make a value much larger than what it is given.
var Functions = []string{
	// operators that are functions
	"+", "-", "*", "/", "//", "%", "||", "~~", "!~~", "~~~", "~~*", "!~~*", "^", "**", "&", "|", "<<", ">>", "~", "->", "->>", "@>", "<@", "&&",
	// text
	"lower", "upper", "length", "strlen", "contains", "starts_with", "ends_with", "prefix", "suffix", "substring", "substr", "left", "right", "trim", "ltrim", "rtrim", "replace", "reverse",
	"instr", "strpos", "position", "split", "string_split", "str_split", "split_part", "string_agg", "concat", "concat_ws", "ascii", "chr", "unicode", "ord", "regexp_matches", "regexp_extract", "regexp_extract_all", "regexp_replace",
	"regexp_full_match", "regexp_split_to_array", "regexp_escape", "translate", "like_escape", "not_like_escape", "ilike_escape", "not_ilike_escape", "strip_accents", "nfc_normalize", "levenshtein", "md5", "sha1", "sha256", "hash", "base64", "from_base64", "to_base64", "encode", "decode", "hex", "unhex", "url_encode", "url_decode",
	// numbers
	"abs", "ceil", "ceiling", "floor", "round", "sign", "sqrt", "exp", "ln", "log", "log10", "log2", "pow", "power", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "cot", "degrees", "radians", "pi", "isnan", "isinf", "isfinite", "greatest", "least", "mod", "fmod", "fdiv", "divide", "add", "subtract", "multiply", "xor", "bit_count", "trunc", "gamma", "lgamma", "random",
	// truth and absence
	"coalesce", "ifnull", "nullif", "if", "try", "typeof",
	// moments, where ticks are not enough
	"make_timestamp", "epoch_us", "epoch_ms", "epoch", "date_part", "datepart", "year", "month", "day", "dayofyear", "dayofweek", "isodow", "week", "weekofyear", "hour", "minute", "second", "date_trunc", "date_diff", "datediff", "strftime", "try_strptime", "last_day", "to_months", "to_years", "date_add",
	// lists and JSON
	"list_value", "list_contains", "list_has", "list_has_any", "list_has_all", "array_length", "len", "list_extract", "array_extract", "list_slice", "array_slice", "list_concat", "list_distinct", "list_unique", "list_sort", "list_reverse_sort", "list_reverse", "list_position", "list_transform", "list_filter", "list_aggregate", "list_intersect", "array_to_string", "list_zip", "flatten", "unnest", "struct_pack", "row", "struct_extract", "map", "map_keys", "map_values", "map_entries", "map_from_entries", "element_at",
	"json", "json_extract", "json_extract_string", "json_extract_path", "json_extract_path_text", "json_type", "json_keys", "json_array_length", "json_valid", "json_object", "json_array", "json_quote", "to_json", "json_contains", "json_merge_patch", "json_value", "json_exists", "json_structure", "json_transform", "from_json", "json_group_array", "json_group_object",
	// many rows to one
	"count", "count_star", "count_if", "countif", "sum", "avg", "mean", "min", "max", "any_value", "first", "last", "arg_min", "arg_max", "min_by", "max_by", "list", "array_agg", "approx_count_distinct", "approx_quantile", "quantile_cont", "quantile_disc", "median", "mode", "stddev", "stddev_samp", "stddev_pop", "var_samp", "var_pop", "variance", "covar_samp", "covar_pop", "bool_and", "bool_or", "bit_and", "bit_or", "bit_xor", "histogram", "sum_no_overflow", "fsum", "product", "corr",
	// rows beside each other
	"row_number", "rank", "dense_rank", "lag", "lead", "first_value", "last_value", "nth_value", "ntile", "percent_rank", "cume_dist",
}

// TableFunctions are those that may stand where a relation does. What they make is bounded by what is given to them.
var TableFunctions = []string{"unnest"}
