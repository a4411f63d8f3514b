import { describe, expect, test } from "vitest";
import { as, settled } from "./browser";

describe("access", () => {
  test("of oneself is open to everyone, and each cell opens its proof", async () => {
    const page = await as("Elena Rossi", "/access");
    await page.getByRole("button", { name: /^Viewing investigation data, Endpoint: Some devices/ }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByLabel("Device group").selectOption("EU servers");
    await drawer.getByText("Endpoint: allowed").waitFor();
    await drawer.getByText("eu-tier1").first().waitFor();
    await drawer.getByText("View data - Security operations").first().waitFor();
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toMatch(/^Viewing investigation data, Endpoint/);
  });

  test("that is missing is explained, with the smallest remedy first", async () => {
    const page = await as("Marta Silva", "/access");
    await page.getByRole("button", { name: /^Managing alerts and incidents, Email & collaboration: No/ }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByText("Email & collaboration: not allowed").waitFor();
    await drawer.getByText("Smallest remedy first").waitFor();
    await drawer.getByText(/Manage Alerts/).first().waitFor();
  });

  test("of others is for those who may view roles", async () => {
    const ada = await as("Ada Lindqvist", "/access?person=samir%40contoso.example");
    await ada.getByText("Samir Haddad (samir@contoso.example)").first().waitFor();
    const elena = await as("Elena Rossi", "/access?person=samir%40contoso.example");
    await settled(elena);
    await elena.getByText("Elena Rossi (elena@contoso.example)").first().waitFor();
    await expect.poll(() => elena.getByText("Samir").count()).toBe(0);
  });

  test("a person is found by typing", async () => {
    const page = await as("Ada Lindqvist", "/access");
    await page.getByRole("combobox", { name: "Person" }).fill("chloe");
    await page.getByRole("option", { name: /Chloe Dubois/ }).click();
    await page.getByRole("button", { name: /^Viewing investigation data, Identity: Yes/ }).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("person")).toBe("chloe@contoso.example");
  });

  test("by capability tells everyone who has it, and by what", async () => {
    const page = await as("Ada Lindqvist", "/access?view=capability&capability=actions.remediate&workload=office365");
    await page.getByText(/people have this\.|person has this\./).waitFor();
    await page.getByRole("link", { name: /Pavel Dvorak/ }).waitFor();
    await expect.poll(() => page.getByRole("link", { name: /Marta Silva/ }).count()).toBe(0);
  });

  test("by capability says when it is nobody", async () => {
    const page = await as("Ada Lindqvist", "/access?view=capability&capability=analytics.email&workload=identity");
    await page.getByRole("heading", { name: "Nobody has this" }).waitFor();
  });

  test("the matrix is one stop, and arrows move in it", async () => {
    const page = await as("Ada Lindqvist", "/access");
    const cells = page.getByRole("main").locator("td button");
    await cells.first().press("ArrowRight");
    const at = () => page.evaluate(() => document.activeElement?.getAttribute("data-row"));
    await expect.poll(at).toBe("investigation.view|office365");
    await page.keyboard.press("ArrowDown");
    await expect.poll(at).toBe("hunting.view|office365");
  });
});
