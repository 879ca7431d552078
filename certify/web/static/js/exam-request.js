/* Requests of the exam page: with its protection token, renewed when a sign-in elsewhere made it old. */

const TOKEN_ADDRESS = "/api/v1/csrf-token";
const REQUEST_LIMIT_MS = 15000;

/** PUT a body; the response, or null when the server cannot be reached. */
export async function put(address, body) {
  try {
    return await fetch(address, {
      method: "PUT",
      credentials: "same-origin",
      keepalive: true,
      signal: timeLimit(),
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify(body),
    });
  } catch {
    return null;
  }
}

/** The body of a response, {} where it is no JSON. */
export async function readJson(response) {
  try {
    return (await response.json()) ?? {};
  } catch {
    return {};
  }
}

/** Whether a new token could be had. */
export async function renewToken() {
  try {
    const response = await fetch(TOKEN_ADDRESS, { credentials: "same-origin", signal: timeLimit() });
    const token = response.ok ? (await readJson(response)).csrf_token : null;
    if (!token) return false;
    document.querySelector("meta[name=csrf-token]").content = token;
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
    return true;
  } catch {
    return false;
  }
}

export function newKey() {
  // randomUUID needs a secure context; an exam room on plain http has only getRandomValues.
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function timeLimit() {
  return AbortSignal.timeout ? AbortSignal.timeout(REQUEST_LIMIT_MS) : undefined;
}

function csrfToken() {
  return document.querySelector("meta[name=csrf-token]").content;
}
