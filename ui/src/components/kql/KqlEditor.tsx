import { makeStyles, tokens, useUncontrolledFocus } from "@fluentui/react-components";
import { useEffect, useRef } from "react";
import type { HuntProblem, HuntingSchema } from "../../api/hunting";
import { configuration, tokens as grammar } from "./grammar";
import { monaco } from "./monaco";
import { formatted } from "../../lib/kqlFormat";
import { styled } from "./policy";
import { about, wordsAt, type ColumnsFor, type Word } from "./words";

const useStyles = makeStyles({
  frame: { position: "relative", boxSizing: "border-box", height: "100%", minHeight: "120px", border: `1px solid ${tokens.colorNeutralStroke1}`, borderRadius: tokens.borderRadiusMedium, overflow: "hidden" },
  inside: { position: "absolute", inset: 0 },
});

/** Editor is what a page can do with the editor. */
export interface Editor {
  focus: () => void;
  /** What is selected; empty: nothing. */
  selected: () => string;
  /** All that stands in it now, which the page hears of a moment later. */
  text: () => string;
  /** Puts text where the cursor is. */
  insert: (text: string) => void;
  /** Puts the cursor where something is. */
  goTo: (line: number, column: number) => void;
  /** Writes the query with each operator in a line of its own; it can be undone. */
  format: () => void;
}

interface Props {
  label: string;
  /** What is in it to begin with. From then on it is the editor's, and it only tells. */
  value: string;
  onChange: (value: string) => void;
  onRun: () => void;
  problems: readonly HuntProblem[];
  schema: HuntingSchema | undefined;
  columnsFor: ColumnsFor;
  dark: boolean;
  /** Told of the editor when it is there, and with null when it goes. */
  onEditor: (editor: Editor | null) => void;
}

const language = "kql";
// What completion and pointing know is the page's; Monaco keeps its providers for all editors.
const known: { schema: HuntingSchema | undefined; columnsFor: ColumnsFor } = { schema: undefined, columnsFor: () => Promise.resolve([]) };

const kinds: Record<Word["kind"], number> = {
  table: monaco.languages.CompletionItemKind.Struct,
  column: monaco.languages.CompletionItemKind.Field,
  function: monaco.languages.CompletionItemKind.Function,
  operator: monaco.languages.CompletionItemKind.Keyword,
  word: monaco.languages.CompletionItemKind.Operator,
  name: monaco.languages.CompletionItemKind.Variable,
};

monaco.languages.register({ id: language });
monaco.languages.setLanguageConfiguration(language, configuration);
monaco.languages.setMonarchTokensProvider(language, grammar);
monaco.languages.registerCompletionItemProvider(language, {
  triggerCharacters: ["|", " ", "("],
  async provideCompletionItems(model, position) {
    const before = model.getValueInRange(new monaco.Range(1, 1, position.lineNumber, position.column));
    const word = model.getWordUntilPosition(position);
    const range = new monaco.Range(position.lineNumber, word.startColumn, position.lineNumber, word.endColumn);
    const words = await wordsAt(before, known.schema, known.columnsFor);
    return {
      suggestions: words.map((one, i) => ({
        label: one.detail ? { label: one.label, description: one.detail } : one.label,
        kind: kinds[one.kind], insertText: one.insert ?? one.label, range, sortText: `${"tcnfow".indexOf(one.kind.charAt(0))}${String(i).padStart(5, "0")}`,
        ...(one.more ? { documentation: one.more } : {}),
      })),
    };
  },
});
monaco.languages.registerHoverProvider(language, {
  provideHover(model, position) {
    const word = model.getWordAtPosition(position);
    const lines = word ? about(known.schema, word.word, model.getValue()) : [];
    // Descriptions are text, whatever stands in them.
    return lines.length > 0 ? { contents: lines.map((line) => ({ value: line.replace(/[\\`*_{}[\]()#+\-.!<>|&]/g, "\\$&") })) } : null;
  },
});

const rules = (comment: string, keyword: string, text: string, number: string, call: string) => [
  { token: "comment", foreground: comment }, { token: "keyword", foreground: keyword }, { token: "string", foreground: text }, { token: "number", foreground: number },
  { token: "predefined", foreground: call }, { token: "operator.bar", foreground: keyword, fontStyle: "bold" },
];
monaco.editor.defineTheme("bailiwick-light", { base: "vs", inherit: true, rules: rules("4b6b4b", "0b575c", "a31515", "1a5fb4", "6b2f8a"), colors: { "editor.background": "#ffffff" } });
monaco.editor.defineTheme("bailiwick-dark", { base: "vs-dark", inherit: true, rules: rules("8fb98f", "79b9bf", "e8a38a", "9cc4f0", "d3a8ef"), colors: { "editor.background": "#292929" } });

/** KqlEditor is where a query is written. Tab moves on after Ctrl+M, and Esc closes what has opened, so that the keyboard is never caught. */
export default function KqlEditor({ label, value, onChange, onRun, problems, schema, columnsFor, dark, onEditor }: Props) {
  const styles = useStyles();
  const uncontrolled = useUncontrolledFocus(); // Tab is the editor's
  const frame = useRef<HTMLDivElement>(null);
  const made = useRef<monaco.editor.IStandaloneCodeEditor | null>(null);
  const handlers = useRef({ onChange, onRun });
  const first = useRef({ value, label });
  useEffect(() => {
    handlers.current = { onChange, onRun };
    Object.assign(known, { schema, columnsFor });
  });

  useEffect(() => {
    const root = frame.current;
    if (!root) return undefined;
    const stop = styled(root);
    const one = monaco.editor.create(root, {
      value: first.current.value, language, ariaLabel: first.current.label, automaticLayout: true, minimap: { enabled: false }, scrollBeyondLastLine: false, fontSize: 14, wordWrap: "on", lineNumbersMinChars: 3,
      wordBasedSuggestions: "off", acceptSuggestionOnEnter: "smart", quickSuggestions: { other: true, comments: false, strings: false }, renderLineHighlight: "line", padding: { top: 8, bottom: 8 }, tabSize: 4, fixedOverflowWidgets: true, links: false,
      unicodeHighlight: { ambiguousCharacters: true, invisibleCharacters: true }, suggest: { showStatusBar: false }, hover: { above: false }, scrollbar: { alwaysConsumeMouseWheel: false },
    });
    made.current = one;
    one.onDidChangeModelContent(() => handlers.current.onChange(one.getValue()));
    const run = () => handlers.current.onRun();
    one.addCommand(monaco.KeyMod.Shift | monaco.KeyCode.Enter, run);
    one.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, run);
    const format = () => {
      const model = one.getModel();
      if (!model || formatted(model.getValue()) === model.getValue()) return;
      one.pushUndoStop();
      one.executeEdits("format", [{ range: model.getFullModelRange(), text: formatted(model.getValue()) }]);
      one.pushUndoStop();
    };
    one.addAction({ id: "kql.format", label: "Format the query", keybindings: [monaco.KeyMod.Shift | monaco.KeyMod.Alt | monaco.KeyCode.KeyF], contextMenuGroupId: "1_modification", run: format });
    onEditor({
      focus: () => one.focus(),
      selected: () => {
        const range = one.getSelection();
        return range ? (one.getModel()?.getValueInRange(range) ?? "") : "";
      },
      text: () => one.getValue(),
      insert: (text) => {
        const range = one.getSelection();
        if (range) one.executeEdits("insert", [{ range, text, forceMoveMarkers: true }]);
        one.focus();
      },
      goTo: (lineNumber, column) => {
        one.setPosition({ lineNumber, column });
        one.revealLineInCenterIfOutsideViewport(lineNumber);
        one.focus();
      },
      format: () => {
        format();
        one.focus();
      },
    });
    return () => {
      onEditor(null);
      made.current = null;
      one.getModel()?.dispose();
      one.dispose();
      stop();
    };
  }, [onEditor]);

  useEffect(() => {
    monaco.editor.setTheme(dark ? "bailiwick-dark" : "bailiwick-light");
  }, [dark]);
  useEffect(() => {
    const model = made.current?.getModel();
    if (!model) return;
    monaco.editor.setModelMarkers(model, "kql", problems.map((one) => ({
      severity: monaco.MarkerSeverity.Error, message: one.message, startLineNumber: one.line, startColumn: one.column, endLineNumber: one.endLine, endColumn: Math.max(one.endColumn, one.line === one.endLine ? one.column + 1 : 1),
    })));
  }, [problems]);

  return (
    <div className={styles.frame} {...uncontrolled}>
      <div ref={frame} className={styles.inside} />
    </div>
  );
}
