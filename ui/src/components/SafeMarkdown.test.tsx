import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { SafeMarkdown } from "./SafeMarkdown";

const html = (text: string) => renderToStaticMarkup(<SafeMarkdown text={text} />);

test("Markdown is rendered: headings below the page's, tables, code, links that leave without a trace", () => {
  const shown = html("# Title\n\nSome **bold** [link](https://example.org/x).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```kusto\nT | where x < 1\n```\n\n- [x] done");
  for (const part of [
    "<h2>Title</h2>", "<strong>bold</strong>", '<a href="https://example.org/x" target="_blank" rel="noopener noreferrer nofollow" title="https://example.org/x">link</a>', "<td>1</td>", "T | where x &lt; 1",
    "<li><span>[x] </span> done</li>",
  ]) expect(shown, part).toContain(part);
});

const hostile = [
  "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<a href=javascript:alert(1)>x</a>", "<iframe srcdoc='<script>alert(1)</script>'>", "<style>*{display:none}</style>",
  "<form action=https://evil.example><input name=password></form>", "[x](javascript:alert(1))", "[x](JAVASCRIPT&colon;alert(1))", "[x](<java\nscript:alert(1)>)", "[x](data:text/html;base64,PHNjcmlwdD4=)",
  "[x](vbscript:msgbox)", "![x](https://evil.example/pixel.png)", "![x](javascript:alert(1))", "<javascript:alert(1)>", "[x]: javascript:alert(1)\n\n[x]", "[x](/permissions/roles)", "[x](//evil.example)",
  "[x](https://contoso.example@evil.example)", "text[^1]\n\n[^1]: <script>alert(1)</script>", "<!-- <script>alert(1)</script> -->", "`<script>alert(1)</script>`", "[x](\"onmouseover=alert(1))",
  "<https://example.org/\"onmouseover=alert(1)>", "<div id=content name=root>clobber</div>", "[x](https://example.org 'title\" onmouseover=\"alert(1)')",
];

test.each(hostile)("hostile text is text: %j", (text) => {
  const shown = html(text);
  // Of the tags that are there, none does anything by itself, and none has an attribute that does.
  const tags = [...shown.matchAll(/<([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>/g)];
  expect(tags.length, "tags that are not read by this test").toBe(shown.match(/<[a-z]/gi)?.length ?? 0);
  for (const [, tag = "", attributes = ""] of tags) {
    expect(["p", "a", "span", "code", "pre", "div", "ol", "ul", "li", "sup", "h2", "strong", "em", "table", "br"]).toContain(tag);
    for (const [, name = "", value = ""] of attributes.matchAll(/([a-z-]+)="([^"]*)"/g)) {
      expect(["href", "target", "rel", "title", "class"]).toContain(name);
      if (name === "href") expect(value).toMatch(/^https?:\/\/[^@]*$/);
      if (name === "rel") expect(value).toBe("noopener noreferrer nofollow");
    }
  }
});
