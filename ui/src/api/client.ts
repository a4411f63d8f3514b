import createClient from "openapi-fetch";
import { present } from "../lib/presence";
import { viewingUntil } from "../lib/viewing";
import { fromResponse, onTheWay } from "./errors";
import type { components, paths } from "./schema";

/** client speaks the API's own contract: its paths, parameters and answers are typed from api/openapi.yaml. */
export const client = createClient<paths>({ credentials: "same-origin" });

// Refusals are thrown, so that what a query gives is always an answer.
client.use({
  onRequest({ request }) {
    // Pages look again by themselves: without anybody there that must not count as use of the session.
    if (request.method === "GET" && !present()) request.headers.set("Bailiwick-By-Itself", "1");
    return undefined;
  },
  onError({ error }) {
    const said = onTheWay(error);
    return said instanceof Error ? said : undefined;
  },
  async onResponse({ response }) {
    viewingUntil.set(response.headers.get("bailiwick-viewing-until"));
    if (!response.ok) throw await fromResponse(response);
    return undefined;
  },
});

/** answer takes the data out of a reply. */
export async function answer<T>(reply: Promise<{ data?: T }>): Promise<T> {
  const { data } = await reply;
  return data as T;
}

/** ifMatch asks for a change only of what was read: whoever is second to write one object is told, and overwrites nothing. */
export const ifMatch = (etag: string | undefined) => (etag ? { header: { "If-Match": etag } } : {});

export type Schema = components["schemas"];
export type Capability = Schema["Capability"];
export type Workload = Schema["Workload"];
