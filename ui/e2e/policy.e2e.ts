import { expect, test } from "vitest";
import { as, axe, base, downloaded, enter } from "./browser";

const people = (role: string) => `apiVersion: bailiwick/v1
roles:
  - name: ${role}
    workload: office365
    permissions: [Security Reader]
    assignments: [{users: [noah@contoso.example]}] # for the night
`;

test("a file is compared, applied as it was shown, and refused once somebody was first", async () => {
  const role = `As code ${Date.now()}`;
  const page = await as("Ada Lindqvist", "/permissions/policy");
  const text = page.getByRole("textbox", { name: /Policy file/ });
  await text.fill(people(role).replace("Security Reader", "Security Raeder"));
  await enter(page.getByRole("button", { name: "Compare with what is in force" }));
  await page.getByText(/policy\.yaml:5:19/).waitFor();

  await text.fill(people(role));
  await enter(page.getByRole("button", { name: "Compare with what is in force" }));
  const table = page.getByRole("table", { name: /differ/ });
  await table.getByText("Declared, not in force").first().waitFor();
  await page.getByText("If it is applied: 1 person gains, 0 people lose").waitFor();
  await page.getByText("Noah Kim").first().waitFor();
  expect(await axe(page)).toEqual([]);

  const other = await as("Ada Lindqvist", "/permissions");
  const stranger = (await (await other.request.put("/api/v1/groups/elsewhere", { headers: { Origin: base }, data: { members: [] } })).json()) as { name: string };
  expect(stranger.name).toBe("elsewhere");
  await enter(page.getByRole("button", { name: /^Apply: / }));
  await page.getByText(/the plan is stale/).waitFor();
  expect(((await (await other.request.get(`/api/v1/roles?q=${encodeURIComponent(role)}`)).json()) as { total: number }).total, "a stale plan does nothing").toBe(0);

  await enter(page.getByRole("button", { name: "Compare with what is in force" }));
  await page.getByText(/^If it is applied/).waitFor();
  await enter(page.getByRole("button", { name: /^Apply: / }));
  await page.getByText("Applied", { exact: true }).waitFor();
  await enter(page.getByRole("button", { name: "Compare with what is in force" }));
  await page.getByText("What is in force is what the file declares.").waitFor();

  // Drift: it was changed elsewhere, and the file takes it over.
  const { items } = (await (await other.request.get(`/api/v1/roles?q=${encodeURIComponent(role)}`)).json()) as { items: { id: string }[] };
  const id = items[0]?.id ?? "";
  await other.request.patch(`/api/v1/roles/${id}`, { headers: { Origin: base }, data: { description: "Changed elsewhere" } });
  await enter(page.getByRole("button", { name: "Compare with what is in force" }));
  await table.getByText("Otherwise in force").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Write the file as it is in force" }).press("Enter")]);
  expect(await downloaded(download)).toContain("Changed elsewhere");
  await other.request.delete(`/api/v1/roles/${id}`, { headers: { Origin: base } });
  await other.request.delete("/api/v1/groups/elsewhere", { headers: { Origin: base } });
});

test("the policy is exported as a file, and refused in words to who may not see all of it", async () => {
  const page = await as("Ada Lindqvist", "/permissions/policy");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export the policy" }).click()]);
  expect(download.suggestedFilename()).toBe("policy.yaml");
  expect(await downloaded(download)).toMatch(/^apiVersion: bailiwick\/v1/);
  const rolf = await as("Rolf Meyer", "/permissions/policy");
  await rolf.getByRole("textbox", { name: /Policy file/ }).fill(people("Beyond him"));
  await rolf.getByRole("button", { name: "Compare with what is in force" }).click();
  await rolf.getByText("No plan").waitFor();
});
