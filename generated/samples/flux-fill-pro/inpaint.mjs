// Repaint a masked region, by Flux Fill Pro.
//
// Run it as `node inpaint.mjs`, with the API key in APIFRAME_API_KEY.
// It needs Node.js 18 or later.
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const key = process.env.APIFRAME_API_KEY;
const baseUrl = process.env.APIFRAME_BASE_URL || "https://api.apiframe.ai";

const request = {
  model: "flux-fill-pro",
  fluxFillParams: {
    image: "https://example.com/scene.jpg",
    prompt: "a small wooden boat",
    mode: "inpaint",
    mask: "https://example.com/mask.png",
  },
};

// Asks the API, and asks again when an answer is lost or the server is busy.
async function ask(path, { headers, tries = 4, ...options } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    let isFinal = attempt === tries;
    let pause = 2 ** (attempt - 1);
    try {
      const response = await fetch(baseUrl + path, {
        ...options,
        headers: { ...headers, "X-API-Key": key },
        redirect: "error", // The key is for no other host.
        signal: AbortSignal.timeout(60_000),
      });
      const text = await response.text();
      if (response.ok) return JSON.parse(text);
      isFinal ||= response.status < 500 && response.status !== 429;
      pause = Math.max(pause, Number(response.headers.get("Retry-After")) || 0);
      isFinal ||= pause > 60; // Too long to wait without a word.
      throw new Error(`Apiframe answered ${response.status}: ${text}`);
    } catch (error) {
      if (isFinal) throw error;
    }
    await sleep(pause * 1000);
  }
}

try {
  if (!key) throw new Error("APIFRAME_API_KEY is not set");

  const accepted = await ask("/v2/images/edit", {
    method: "POST",
    headers: {
      // The same in every attempt, so that there is one job in the end.
      "Idempotency-Key": randomUUID(),
      "Content-Type": "application/json",
    },
    body: JSON.stringify(request),
  });
  // As part of a URL, and of the names of files.
  const id = encodeURIComponent(accepted.jobId);
  console.error(`job ${id}`);

  let pause = 2;
  const end = Date.now() + 600 * 1000;
  let job;
  for (;;) {
    await sleep(pause * 1000);
    pause = Math.min(pause * 1.5, 5);
    job = await ask(`/v2/jobs/${id}`);
    const status = job.status;
    if (status === "COMPLETED") break;
    if (status === "FAILED" || status === "CANCELLED") {
      throw new Error(`job ${id} is ${status}: ${job.error}`);
    }
    if (Date.now() >= end) throw new Error(`job ${id} is still ${status}`);
  }

  for (const [index, url] of job.result.images.entries()) {
    const response = await fetch(url);
    const name = `${id}-${index + 1}${extname(new URL(url).pathname)}`;
    if (!response.ok) throw new Error(`no ${name}: status ${response.status}`);
    await writeFile(name, Buffer.from(await response.arrayBuffer()));
    console.log(name);
  }
} catch (error) {
  console.error(`error: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
