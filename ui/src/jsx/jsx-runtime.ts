// Every element of the portal is made here: React's own, but that text in it shows what it is. One place rather than each component,
// because one that forgets would be enough.
import type { ElementType, Key, ReactElement, ReactNode } from "react";
import { Fragment, jsx as element, jsxs as elements } from "react/jsx-runtime";
import { shown } from "../lib/shown";

export { Fragment };
export type { JSX } from "react";

interface Props {
  children?: ReactNode;
  title?: unknown;
  "aria-label"?: unknown;
}

function plain(children: ReactNode): ReactNode {
  if (typeof children === "string") return shown(children);
  return Array.isArray(children) ? children.map((child: ReactNode) => (typeof child === "string" ? shown(child) : child)) : children;
}

function mended(props: Props): Props {
  const { children, title, "aria-label": label } = props;
  const change: Props = {};
  if (typeof children === "string" || Array.isArray(children)) change.children = plain(children);
  if (typeof title === "string") change.title = shown(title);
  if (typeof label === "string") change["aria-label"] = shown(label);
  return { ...props, ...change };
}

export function jsx(type: ElementType, props: Props, key?: Key): ReactElement {
  return element(type, mended(props), key);
}

export function jsxs(type: ElementType, props: Props, key?: Key): ReactElement {
  return elements(type, mended(props), key);
}
