import path from "node:path";
import { launchBrowser } from "./support/browser.js";
import { startServer } from "./support/server.js";

// Takes the picture of the explorer for the documentation: `tsx test/browser/screenshot.ts docs/explorer.png [dark]`.
const [, , file = "docs/explorer.png", scheme = "light"] = process.argv;

const server = await startServer();
const browser = await launchBrowser();
try {
  const page = await browser.newPage({
    viewport: { width: 1400, height: 900 },
    colorScheme: scheme === "dark" ? "dark" : "light",
    reducedMotion: "reduce",
  });
  await page.goto(`${server.url}/explorer/`);
  await page.getByRole("button", { name: /^Execute query/ }).click();
  await page.getByText(/^HTTP 200$/).waitFor();
  // Away from the button, and until its tooltip and the colours of the answer have settled.
  await page.mouse.move(700, 880);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: path.resolve(file), animations: "disabled" });
} finally {
  await browser.close();
  await server.close();
}
