import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axe, settled, visit } from "./browser";

// A server of its own, empty and no demonstration: here people sign in with passwords.
const program = process.env.BAILIWICK ?? join(import.meta.dirname, "../../bin/bailiwick");
const user = "ada@example.com";
const first = "correct horse battery staple";
const second = "seven otters cross the river";

let server: ChildProcess;
let data: string;
let origin: string;
let link: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "bailiwick-e2e-"));
  server = spawn(program, ["serve", "--data", data, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  const said = await new Promise<string>((resolve, reject) => {
    let text = "";
    server.stdout?.on("data", (part: Buffer) => {
      text += part.toString();
      if (/^listening on .*\n/m.test(text)) resolve(text);
    });
    server.stderr?.on("data", (part: Buffer) => (text += part.toString()));
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`the server ended: ${text}`)));
  });
  origin = /^listening on (\S+)$/m.exec(said)?.[1] ?? "";
  link = /^\s*(\S+\/setup#\S+)$/m.exec(said)?.[1] ?? "";
});

afterAll(async () => {
  if (server.exitCode === null) {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill();
    await ended;
  }
  await rm(data, { recursive: true, force: true });
});

async function signIn(page: Page, name: string, password: string) {
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function signedIn(page: Page) {
  await page.getByRole("button", { name: "Account: Ada of Example" }).waitFor();
  await settled(page);
}

async function signOut(page: Page) {
  await page.getByRole("button", { name: "Account: Ada of Example" }).click();
  await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
  await page.getByRole("heading", { name: "Sign in to Bailiwick" }).waitFor();
}

describe("a new server", () => {
  test("says at its door that the link it printed comes first", async () => {
    const page = await visit(`${origin}/`);
    await page.getByText("No administrator can sign in yet").waitFor();
    expect(await axe(page)).toEqual([]);
  });

  test("lets whoever follows the link choose a password, and they arrive signed in", async () => {
    const page = await visit(link);
    await page.getByRole("heading", { name: "Set up Bailiwick" }).waitFor();
    await expect.poll(() => new URL(page.url()).hash, { message: "the secret leaves the address" }).toBe("");
    expect(await axe(page)).toEqual([]);
    await page.getByRole("textbox", { name: "Name", exact: true }).fill(user);
    await page.getByRole("textbox", { name: "Display name" }).fill("Ada of Example");
    await page.getByLabel(/^Password\W*$/).fill(first);
    await page.getByLabel("Password again").fill("something else");
    await page.getByText("The two differ").waitFor();
    const make = page.getByRole("button", { name: "Make the account and sign in" });
    await expect.poll(() => make.getAttribute("aria-disabled")).toBe("true");
    await page.getByLabel("Password again").fill(first);
    await make.click();
    await signedIn(page);
    await expect.poll(() => new URL(page.url()).pathname, { message: "away from the page that is done with" }).not.toBe("/setup");
    await signOut(page);
  });

  test("takes the link once", async () => {
    const page = await visit(link);
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("mallory@example.com");
    await page.getByLabel(/^Password\W*$/).fill(first);
    await page.getByLabel("Password again").fill(first);
    await page.getByRole("button", { name: "Make the account and sign in" }).click();
    await page.getByRole("group").or(page.getByRole("alert")).first().waitFor();
    await expect.poll(() => page.getByRole("button", { name: /^Account:/ }).count()).toBe(0);
  });
});

describe("a password", () => {
  test("that is wrong and a name that nobody has are refused in the same words", async () => {
    const page = await visit(`${origin}/`);
    await signIn(page, user, "not the password at all");
    const refusal = page.locator("form .fui-MessageBar");
    await refusal.waitFor();
    const wrongPassword = await refusal.innerText();
    const other = await visit(`${origin}/`);
    await signIn(other, "nobody@example.com", "not the password at all");
    await other.locator("form .fui-MessageBar").waitFor();
    await expect.poll(() => other.locator("form .fui-MessageBar").innerText()).toBe(wrongPassword);
    await expect.poll(() => page.getByRole("button", { name: /^Account:/ }).count()).toBe(0);
  });

  test("that is right opens the page one came for", async () => {
    const page = await visit(`${origin}/permissions/roles/endpoint`);
    await page.getByRole("heading", { name: "Sign in to Bailiwick" }).waitFor();
    await signIn(page, user, first);
    await signedIn(page);
    await expect.poll(() => new URL(page.url()).pathname).toBe("/permissions/roles/endpoint");
  });

  test("is changed by its owner: other sessions end, this one stays, the old one opens nothing", async () => {
    const other = await visit(`${origin}/access`);
    await signIn(other, user, first);
    await signedIn(other);
    const page = await visit(`${origin}/access`);
    await signIn(page, user, first);
    await signedIn(page);
    await page.getByRole("button", { name: "Account: Ada of Example" }).click();
    await page.getByRole("menuitem", { name: "Password" }).click();
    await page.getByRole("heading", { name: "Password", level: 1 }).waitFor();

    const change = async (current: string) => {
      await page.getByLabel("Current password").fill(current);
      await page.getByLabel(/^New password\W*$/).fill(second);
      await page.getByLabel("New password again").fill(second);
      await page.getByRole("button", { name: "Change the password" }).click();
    };
    await change("not the password at all");
    await page.getByText(/current password is wrong/).waitFor();
    await change(first);
    await page.getByText("Your password is changed").waitFor();
    expect(await axe(page)).toEqual([]);

    await other.reload();
    await other.getByRole("heading", { name: "Sign in to Bailiwick" }).waitFor();
    await page.reload();
    await signedIn(page);
    await signOut(page);
    await signIn(page, user, first);
    await page.locator("form .fui-MessageBar").waitFor();
    await signIn(page, user, second);
    await signedIn(page);
  });
});
