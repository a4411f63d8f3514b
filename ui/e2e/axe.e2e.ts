import { describe, expect, test } from "vitest";
import { as, axeInBoth, rows, settled, visit } from "./browser";

const pages = [
  ["alerts", "/alerts"],
  ["alerts narrowed to none", "/alerts?category=NoSuchCategory"],
  ["incidents", "/incidents"],
  ["hunting", "/hunting"],
  ["custom detections", "/detections"],
  ["a paused detection", "/detections/det_lapsed"],
  ["making a detection", "/detections/new"],
  ["permissions", "/permissions"],
  ["roles of endpoint", "/permissions/roles/endpoint"],
  ["roles of email", "/permissions/roles/office365"],
  ["global roles", "/permissions/roles/global"],
  ["device groups", "/permissions/device-groups"],
  ["delegation", "/permissions/delegation"],
  ["import", "/permissions/import"],
  ["feeds", "/settings/feeds"],
  ["policy as code", "/permissions/policy"],
  ["workload settings", "/permissions/activation"],
  ["unified roles", "/permissions/roles/unified"],
  ["making a unified role", "/permissions/roles/new?workload=unified"],
  ["the outcome", "/permissions/outcome?do=actions.remediate:office365&do=alerts.manage:identity&do=actions.remediate:cloudapps"],
  ["requirements", "/permissions/requirements"],
  ["making a role", "/permissions/roles/new?workload=endpoint"],
  ["access by person", "/access"],
  ["a proof", "/access?person=marta%40contoso.example&capability=alerts.manage&workload=office365"],
  ["access by capability", "/access?view=capability"],
  ["tokens", "/account/tokens"],
  ["the password", "/account/password"],
  ["sessions", "/account/sessions"],
  ["a page that does not exist", "/nowhere"],
] as const;

// Five to a test: signing in for each would take as long as looking.
const some = Array.from({ length: Math.ceil(pages.length / 5) }, (_, n) => pages.slice(5 * n, 5 * n + 5)).map((part) => ({ names: part.map(([name]) => name).join(", "), pages: part }));

// Pages that have tests of their own are looked at there, each once.
describe("axe finds nothing, light and dark:", () => {
  test("signing in", async () => {
    const page = await visit("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await axeInBoth(page)).toEqual([]);
  });

  test.each(some)("$names", async ({ pages }) => {
    const page = await as("Ada Lindqvist", "/");
    for (const [name, path] of pages) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).or(page.getByRole("heading", { level: 2 })).first().waitFor();
      expect(await axeInBoth(page), name).toEqual([]);
    }
  });

  test("an alert, each of its parts", async () => {
    const page = await as("Ada Lindqvist", "/alerts");
    await rows(page, "Alerts").first().click();
    for (const tab of ["Overview", "Evidence", "Manage", "Why can I see this?", "Raw"]) {
      await page.getByRole("tab", { name: tab }).click();
      expect(await axeInBoth(page), tab).toEqual([]);
    }
  });

  test("an incident of which one sees a part", async () => {
    const page = await as("Samir Haddad", "/incidents");
    await rows(page, "Incidents").filter({ hasText: "Part" }).first().click();
    await page.getByText("You see part of this incident").waitFor();
    for (const tab of [/^Alerts/, "Attack story", "Assets", "Evidence and response", "Summary", /^Comments/]) {
      await page.getByRole("tab", { name: tab }).click();
      expect(await axeInBoth(page), String(tab)).toEqual([]);
    }
  });

  test("a role, the menus, the refused area", async () => {
    const page = await as("Ada Lindqvist", "/permissions/roles/endpoint");
    await rows(page, "Roles of Endpoint").first().click();
    await page.getByRole("dialog").getByRole("heading", { name: "What it opens" }).waitFor();
    expect(await axeInBoth(page), "a role").toEqual([]);
    await page.keyboard.press("Escape");
    await page.goto("/alerts");
    await settled(page);
    await page.getByRole("group", { name: "Filters" }).getByRole("button", { name: "Severity" }).click();
    expect(await axeInBoth(page, { menu: true }), "a filter").toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Account: Ada Lindqvist" }).click();
    expect(await axeInBoth(page, { menu: true }), "the account menu").toEqual([]);
    const pavel = await as("Pavel Dvorak", "/alerts");
    expect(await axeInBoth(pavel), "a refused area").toEqual([]);
  });
});
