import type { ReactNode } from "react";
import Markdown, { type Components } from "react-markdown";
import gfm from "remark-gfm";
import { headingShift, safeUrl } from "../lib/analytics";

/** SafeMarkdown is Markdown that strangers wrote, without looks: HTML in it is text, pictures are words, and links lead to the web only, in a window that knows nothing of ours. */
export function SafeMarkdown({ text, wide }: { text: string; wide?: string | undefined }) {
  const shift = headingShift(text);
  const heading = (level: number) => {
    const Tag = `h${Math.min(6, Math.max(2, level + shift))}` as "h2";
    return ({ children }: { children?: ReactNode }) => <Tag>{children}</Tag>;
  };
  const components: Components = {
    h1: heading(1), h2: heading(2), h3: heading(3), h4: heading(4), h5: heading(5), h6: heading(6),
    a: ({ href, children }) =>
      href ? (
        <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
          {children}
        </a>
      ) : (
        <span>{children}</span>
      ),
    img: ({ alt }) => <span>{`[picture${alt ? `: ${alt}` : ""}]`}</span>,
    input: ({ checked }) => <span>{checked ? "[x] " : "[ ] "}</span>,
    pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
    table: ({ children }) => (
      <div className={wide} tabIndex={0} role="region" aria-label="Table">
        <table>{children}</table>
      </div>
    ),
    // Ids that a text gives could be taken for the page's own.
    section: ({ children }) => <div>{children}</div>,
    li: ({ children }) => <li>{children}</li>,
  };
  return (
    <Markdown remarkPlugins={[gfm]} urlTransform={safeUrl} components={components}>
      {text}
    </Markdown>
  );
}
