import type { ElementType, Key, ReactElement } from "react";
import { jsx, jsxs } from "./jsx-runtime";

export { Fragment } from "./jsx-runtime";
export type { JSX } from "react";

/** jsxDEV is what the development server asks for. */
export function jsxDEV(type: ElementType, props: object, key: Key | undefined, several: boolean): ReactElement {
  return (several ? jsxs : jsx)(type, props, key);
}
