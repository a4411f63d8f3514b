// Microsoft's own JavaScript Graph client does with our server what it does with Microsoft's.
import assert from "node:assert/strict";
import { Client, GraphError, PageIterator } from "@microsoft/microsoft-graph-client";

const { BASE, TOKEN_READER, TOKEN_WORKER } = process.env;
const host = new URL(BASE).hostname;
const as = (token) => Client.init({ baseUrl: BASE, customHosts: new Set([host]), authProvider: (done) => done(null, token) });
const reader = as(TOKEN_READER);
const worker = as(TOKEN_WORKER);

async function all(first) {
  const items = [];
  await new PageIterator(reader, first, (item) => items.push(item) > 0).iterate();
  return items;
}

const checks = {
  async "lists, newest first, with a count"() {
    const page = await reader.api("/security/alerts_v2").count(true).top(5).get();
    assert.equal(page["@odata.count"], 31);
    assert.equal(page.value.length, 5);
    assert.match(page["@odata.context"], /\/v1\.0\/\$metadata#security\/alerts_v2$/);
    assert.deepEqual(page.value.map((a) => a.createdDateTime), page.value.map((a) => a.createdDateTime).sort().reverse());
  },
  async "pages to the end, each alert once"() {
    const items = await all(await reader.api("/security/alerts_v2").top(7).get());
    assert.equal(items.length, 31);
    assert.equal(new Set(items.map((a) => a.id)).size, 31);
    assert.ok(!items.some((a) => a.id.startsWith("hr")));
  },
  async "pages keep the filter and the selection"() {
    const first = await reader.api("/security/alerts_v2").filter("severity eq 'high' and status eq 'new'").select(["id", "severity"]).top(4).get();
    assert.ok(first["@odata.nextLink"].startsWith(BASE + "/v1.0/security/alerts_v2?"));
    const items = await all(first);
    assert.equal(items.length, 11);
    assert.ok(items.every((a) => a.severity === "high" && a.title === undefined));
  },
  async "orders as pollers do"() {
    const page = await reader.api("/security/alerts_v2").filter("lastUpdateDateTime ge 2026-01-01T00:10:00Z").orderby("lastUpdateDateTime asc").get();
    const times = page.value.map((a) => a.lastUpdateDateTime);
    assert.deepEqual(times, [...times].sort());
    assert.ok(times.length > 10);
  },
  async "reads one"() {
    const alert = await reader.api("/security/alerts_v2/sales03").header("Prefer", "include-unknown-enum-members").get();
    assert.equal(alert.id, "sales03");
    assert.equal(alert.evidence[0]["@odata.type"], "#microsoft.graph.security.deviceEvidence");
    assert.ok(alert["@odata.etag"]);
  },
  async "reads incidents with their alerts"() {
    const page = await reader.api("/security/incidents").expand("alerts").top(50).get();
    assert.ok(page.value.length > 10);
    assert.ok(page.value.every((i) => i.alerts.length >= 1));
    const one = await reader.api("/security/incidents/1042").expand("alerts").get();
    assert.deepEqual(one.alerts.map((a) => a.serviceSource), ["microsoftDefenderForEndpoint"]);
  },
  async "patches an alert, enums in any case"() {
    const changed = await worker.api("/security/alerts_v2/sales05").patch({ status: "InProgress", classification: "TruePositive", determination: "malware", assignedTo: "emil@contoso.example" });
    assert.deepEqual([changed.status, changed.classification, changed.determination, changed.assignedTo], ["inProgress", "truePositive", "malware", "emil@contoso.example"]);
    assert.equal((await reader.api("/security/alerts_v2/sales05").get()).status, "inProgress");
  },
  async "patches an incident"() {
    const changed = await worker.api("/security/incidents/isales06").patch({ status: "resolved", customTags: ["night"] });
    assert.equal(changed.status, "resolved");
    assert.deepEqual(changed.customTags, ["night"]);
  },
  async "comments"() {
    const answer = await worker.api("/security/alerts_v2/sales07/comments").post({ "@odata.type": "microsoft.graph.security.alertComment", comment: "Looked at it" });
    assert.equal(answer.value.at(-1).comment, "Looked at it");
    const incident = await worker.api("/security/incidents/isales07/comments").post({ "@odata.type": "microsoft.graph.security.alertComment", comment: "And at this" });
    assert.equal(incident.value.at(-1).comment, "And at this");
    assert.ok((await reader.api("/security/alerts_v2/sales07").get()).comments.length >= 1);
  },
  async "understands our refusals"() {
    await refused(reader.api("/security/alerts_v2/hr01").get(), 404, "ResourceNotFound");
    await refused(reader.api("/security/alerts_v2/sales01").patch({ status: "resolved" }), 403, "Forbidden");
    await refused(reader.api("/security/alerts_v2").filter("nonsense eq 1").get(), 400, "BadRequest");
    await refused(as("blwk_nothing").api("/security/alerts_v2").get(), 401, "InvalidAuthenticationToken");
  },
};

async function refused(asked, status, code) {
  const error = await asked.then(() => assert.fail("was allowed"), (e) => e);
  assert.ok(error instanceof GraphError, String(error));
  assert.equal(error.statusCode, status);
  assert.equal(error.code, code);
  assert.ok(error.requestId, "no request id");
}

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok ${name}`);
  } catch (e) {
    failed++;
    console.log(`FAILED ${name}: ${e.message}`);
  }
}
process.exit(failed ? 1 : 0);
