import { expect, test } from "vitest";
import corpus from "../../../internal/hostile/corpus.json?raw";
import { shown } from "./shown";

test("a text that hides something shows it", () => {
  expect(shown("\u202egnp.exe\u202c")).toBe("[U+202E]gnp.exe[U+202C]");
  expect(shown("ad\u200bmin\ufeff\u00ad\u{e0041}")).toBe("ad[U+200B]min[U+FEFF][U+00AD][U+E0041]");
  expect(shown("\u001b[2J\u0000\u009b\ud83d!")).toBe("[U+001B][2J[U+0000][U+009B][U+D83D]!");
});

test("a heap of marks is cut", () => {
  expect(shown(`a${"\u0301".repeat(300)}b`)).toBe(`a${"\u0301".repeat(8)}[…]b`);
});

test("what people write stays as it is", () => {
  for (const text of ["", "Tier 1, EU\n\tand more\r\n", "👩‍💻🏳️‍🌈", "العربية 日本語 हिन्दी", "Ünïcödé <b>&amp;", "नमस्\u200dते", "\u200fשלום"]) expect(shown(text)).toBe(text);
});

test("of the whole corpus nothing turns around or hides", () => {
  for (const { text } of JSON.parse(corpus) as { text: string }[]) {
    expect(shown(text)).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u0000\u001b]/);
    expect(shown(shown(text))).toBe(shown(text));
  }
});
