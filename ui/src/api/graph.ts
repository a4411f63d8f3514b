import type { Schema } from "./client";

/** The Graph shapes, as the API file has them. Evidence is open: types of a later year come with fields of their own. */
export type Alert = Schema["GraphAlert"];
export type Incident = Schema["GraphIncident"];
export type Comment = Schema["GraphComment"];
export type Evidence = Partial<Schema["GraphEvidence"]>;
export type AlertChange = Schema["GraphAlertChange"];
