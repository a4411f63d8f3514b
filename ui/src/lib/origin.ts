import type { Schema } from "../api/client";
import { parse, utc } from "./dates";
import { products } from "./imports";

/** originWords says which import made a thing. */
export function originWords(origin: Schema["Origin"] | undefined): string {
  if (!origin) return "";
  const at = parse(origin.at);
  const product = products.find(({ id }) => id === origin.product)?.label ?? origin.product;
  return `${product}, ${origin.file}${at ? `, ${utc(at)}` : ""}${origin.kept ? " (differs from the export, by choice)" : ""}`;
}
