import type { languages } from "monaco-editor/editor";

/** Operators that stand behind a bar, with what they do. */
export const operators: Readonly<Record<string, string>> = {
  as: "Give the rows a name",
  count: "The number of rows",
  distinct: "Each combination of these values once",
  evaluate: "Call a plugin: bag_unpack, pivot, narrow",
  extend: "Add columns that are calculated",
  find: "Rows of several tables in which a condition holds",
  getschema: "The columns of the rows, and their types",
  invoke: "Call a function that takes rows",
  join: "Put rows of two tables together that agree in some columns",
  lookup: "Add columns of a second, small table",
  "make-series": "Numbers over time, without gaps",
  "mv-apply": "Run a query over the elements of each array",
  "mv-expand": "A row for each element of an array",
  parse: "Take columns out of a text",
  "parse-kv": "Take names and values out of a text",
  "parse-where": "As parse, and leave out rows that do not fit",
  partition: "Run a query for each value of a column",
  project: "These columns, in this order",
  "project-away": "All columns but these",
  "project-keep": "These columns, in the order they had",
  "project-rename": "Other names for some columns",
  "project-reorder": "Some columns first",
  render: "Draw the result",
  sample: "Some rows, by chance",
  "sample-distinct": "Some values, by chance",
  scan: "Match sequences of rows",
  search: "Rows in which a word stands anywhere",
  serialize: "Keep the order, so that rows can look at their neighbours",
  "sort by": "Order the rows",
  summarize: "One row for each group, of totals",
  take: "Some rows, no matter which",
  top: "The first rows in some order",
  "top-hitters": "The most frequent values",
  "top-nested": "The most frequent values, within each of the level above",
  union: "The rows of several tables, one after the other",
  where: "Only rows for which a condition holds",
};

/** Words between values. */
export const wordOperators = [
  "and", "or", "not", "in", "in~", "!in", "!in~", "has", "!has", "has_cs", "has_any", "has_all", "hasprefix", "hassuffix", "contains", "!contains", "contains_cs", "startswith", "!startswith", "endswith",
  "!endswith", "matches regex", "between", "!between", "by", "on", "asc", "desc", "nulls first", "nulls last", "kind", "with", "typeof", "to", "step", "from", "let", "true", "false", "dynamic", "datetime", "timespan",
] as const;

const words = [...Object.keys(operators).flatMap((name) => name.split(" ")), "order", "limit", "filter", "mvexpand", "print", "range", "datatable", "externaldata", "materialize", "toscalar", "declare", "set", "asc", "desc", "nulls", "first", "last", "and", "or", "in", "has", "has_cs", "has_any", "has_all", "hasprefix",
  "hasprefix_cs", "hassuffix", "hassuffix_cs", "contains", "contains_cs", "startswith", "startswith_cs", "endswith", "endswith_cs", "matches", "regex", "between", "by", "on", "kind", "with", "typeof", "to", "step", "from", "let", "bool", "int", "long", "real", "decimal", "string", "guid", "dynamic", "datetime", "timespan", "true", "false", "null"];

/** How the words of a query are told apart, for their colours alone: what is wrong with one only the server says. */
export const tokens: languages.IMonarchLanguage = {
  keywords: words,
  tokenizer: {
    root: [
      [/\/\/.*$/, "comment"],
      [/[hH]?@"/, "string", "@verbatim2"],
      [/[hH]?@'/, "string", "@verbatim1"],
      [/[hH]?```/, "string", "@long"],
      [/[hH]?"/, "string", "@double"],
      [/[hH]?'/, "string", "@single"],
      [/\d+(\.\d+)?([eE][+-]?\d+)?(d|h|m|s|ms|tick|microsecond)?\b/, "number"],
      [/[a-zA-Z_][\w]*(?=\s*\()/, { cases: { "@keywords": "keyword", "@default": "predefined" } }],
      [/(?:project|mv|make|top|sample|parse)-[a-z]+/, "keyword"],
      [/[a-zA-Z_$][\w]*~?/, { cases: { "@keywords": "keyword", "@default": "identifier" } }],
      [/[|]/, "operator.bar"],
      [/[=<>!~+\-*/%]+/, "operator"],
      [/[{}()[\]]/, "@brackets"],
      [/[,;.:]/, "delimiter"],
    ],
    double: [[/[^\\"]+/, "string"], [/\\./, "string.escape"], [/"/, "string", "@pop"]],
    single: [[/[^\\']+/, "string"], [/\\./, "string.escape"], [/'/, "string", "@pop"]],
    verbatim2: [[/[^"]+/, "string"], [/""/, "string"], [/"/, "string", "@pop"]],
    verbatim1: [[/[^']+/, "string"], [/''/, "string"], [/'/, "string", "@pop"]],
    long: [[/[^`]+/, "string"], [/```/, "string", "@pop"], [/`/, "string"]],
  },
};

export const configuration: languages.LanguageConfiguration = {
  comments: { lineComment: "//" },
  brackets: [["{", "}"], ["[", "]"], ["(", ")"]],
  autoClosingPairs: [{ open: "{", close: "}" }, { open: "[", close: "]" }, { open: "(", close: ")" }, { open: '"', close: '"', notIn: ["string", "comment"] }, { open: "'", close: "'", notIn: ["string", "comment"] }],
  wordPattern: /(-?\d*\.\d\w*)|([^`~!@#%^&*()\-=+[{\]}\\|;:'",.<>/?\s]+)/g,
};
