import { describe, expect, test } from "vitest";
import { as, base, settled } from "./browser";

describe("one's own", () => {
  test("token is shown once, works, and is revoked", async () => {
    const name = `script ${Date.now()}`;
    const page = await as("Marta Silva", "/account/tokens");
    await page.getByRole("textbox", { name: "What is it for" }).fill(name);
    await page.getByRole("button", { name: "Make the token" }).click();
    const secret = await page.locator("code").innerText();
    const read = () => fetch(`${base}/v1.0/security/alerts_v2?$top=1`, { headers: { Authorization: `Bearer ${secret}` } }).then((reply) => reply.status);
    expect(await read()).toBe(200);
    await page.reload();
    await settled(page);
    await page.getByText(name).waitFor();
    await expect.poll(() => page.getByText(secret).count()).toBe(0);
    await page.getByRole("button", { name: `Revoke ${name}` }).click();
    await page.getByText("Revoked").first().waitFor();
    expect(await read()).toBe(401);
  });

  test("sessions are listed, this one marked", async () => {
    const page = await as("Marta Silva", "/account/sessions");
    await page.getByText("This one").waitFor();
  });

  test("look is chosen, and kept", async () => {
    const page = await as("Marta Silva", "/alerts");
    const look = () => page.evaluate(() => document.documentElement.style.colorScheme);
    await expect.poll(look).toBe("light");
    await page.getByRole("button", { name: "Account: Marta Silva" }).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await expect.poll(look).toBe("dark");
    await page.reload();
    await settled(page);
    await page.getByRole("main").waitFor();
    await expect.poll(look).toBe("dark");
  });

  test("sign-out everywhere ends the other windows too", async () => {
    const [here, there] = [await as("Gustav Berg", "/access"), await as("Gustav Berg", "/access")];
    await here.getByRole("button", { name: "Account: Gustav Berg" }).click();
    await here.getByRole("menuitem", { name: "Sign out everywhere" }).click();
    await here.getByRole("heading", { name: "Who would you like to be?" }).waitFor();
    await there.reload();
    await there.getByRole("heading", { name: "Who would you like to be?" }).waitFor();
  });
});
