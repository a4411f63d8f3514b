/**
 * The editor under the portal's content security policy, which takes no inline style and no script but the portal's own. Monaco sets
 * styles in three ways that the policy refuses; each is put in a way that it takes:
 *
 * - style sheets that are made while running get the page's nonce;
 * - style attributes within markup are taken out and set one by one, which a policy leaves to scripts that it trusts;
 * - its worker comes from a file of the portal, never from a blob.
 */
import workerUrl from "monaco-editor/editor/editor.worker?worker&url";

declare global {
  interface Window {
    trustedTypes?: { createPolicy: (name: string, options: PolicyOptions) => Policy };
  }
}

interface PolicyOptions {
  createHTML?: (text: string, ...more: unknown[]) => string;
  createScriptURL?: (text: string, ...more: unknown[]) => string;
  createScript?: (text: string, ...more: unknown[]) => string;
}

interface Policy {
  createHTML: (text: string) => string;
  createScriptURL: (text: string) => string;
}

const aside = "data-kql-style";

// Blanks within the text of a line are written as no-break spaces, so that what looks like this is always of a tag.
const setAside = (markup: string) => markup.replaceAll(' style="', ` ${aside}="`);

function applyTo(node: Node) {
  if (!(node instanceof Element)) return;
  for (const one of [node, ...node.querySelectorAll(`[${aside}]`)]) {
    const style = one.getAttribute(aside);
    if (style === null || !(one instanceof HTMLElement || one instanceof SVGElement)) continue;
    one.removeAttribute(aside);
    for (const declaration of style.split(";")) {
      const colon = declaration.indexOf(":");
      if (colon > 0) one.style.setProperty(declaration.slice(0, colon).trim(), declaration.slice(colon + 1).trim());
    }
  }
}

/** styled sets the styles of what the editor draws within an element, before it is painted. It gives what ends that. */
export function styled(root: Element): () => void {
  const observer = new MutationObserver((records) => {
    for (const record of records) for (const node of record.addedNodes) applyTo(node);
  });
  observer.observe(root, { childList: true, subtree: true });
  return () => observer.disconnect();
}

function prepare() {
  const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce;
  if (nonce) {
    const create = document.createElement.bind(document) as (name: string, options?: ElementCreationOptions) => HTMLElement;
    document.createElement = ((name: string, options?: ElementCreationOptions) => {
      const made = create(name, options);
      if (made instanceof HTMLStyleElement) made.nonce = nonce;
      return made;
    }) as typeof document.createElement;
  }
  const scripts = window.trustedTypes?.createPolicy("kql-worker", { createScriptURL: (url) => url });
  Object.assign(window, { MonacoEnvironment: {
    getWorker: () => new Worker(scripts ? scripts.createScriptURL(workerUrl) : workerUrl, { name: "editor" }),
    createTrustedTypesPolicy: (name: string, options: PolicyOptions) =>
      window.trustedTypes?.createPolicy(name, options.createHTML ? { ...options, createHTML: (text, ...more) => setAside(options.createHTML?.(text, ...more) ?? "") } : options),
  } });
}

prepare();
