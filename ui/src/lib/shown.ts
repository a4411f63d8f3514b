// What hides in a text or turns it around: the directions of a part of it, invisible letters, control characters, noncharacters. Joiners and
// the marks of a direction are left, since emoji and the letters of some scripts need them.
const hiding = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu;

/** No script has as many marks on one letter: a heap of them covers the lines around it. */
const heap = /(\p{M}{8})\p{M}+/gu;

/**
 * shown makes a text show what it is: what strangers have named "invoice<turn>fdp.exe" would else be read as a PDF. What hides is
 * written as [U+202E], and of a heap of marks there is a beginning.
 */
export function shown(text: string): string {
  return text.replace(heap, "$1[…]").replace(hiding, (hidden) => `[U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`);
}
