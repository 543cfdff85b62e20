/** The service, on any store: tests give it one of their own. Request and Response are those of the web. */

/** The name of the bucket that holds the values. */
export const BUCKET = "in_memory";

/** Both may throw an Error. */
export interface Store {
  get(key: string): Uint8Array | undefined;
  set(key: string, value: Uint8Array): void;
}

export async function route(openStore: () => Store, request: Request): Promise<Response> {
  switch (request.method) {
    case "GET":
      return read(openStore, new URL(request.url).searchParams.get("key"));
    case "POST":
      return write(openStore, await request.text());
    default:
      return text(405, "Method not allowed; use GET or POST", { allow: "GET, POST" });
  }
}

function read(openStore: () => Store, key: string | null): Response {
  if (key === null) return text(400, "Missing parameter 'key'");
  try {
    const value = openStore().get(key);
    if (value === undefined) return text(404, `[${BUCKET}] Key '${key}' not found`);
    return text(200, `[${BUCKET}] ${new TextDecoder().decode(value)}`);
  } catch (error) {
    return text(500, `cannot read '${key}': ${(error as Error).message}`);
  }
}

function write(openStore: () => Store, body: string): Response {
  const expected = 'expected {"key": "...", "value": "..."}';
  let entry;
  try {
    entry = JSON.parse(body);
  } catch (error) {
    return text(400, `${expected}: ${(error as Error).message}`);
  }
  const { key, value } = entry ?? {};
  if (typeof key !== "string" || typeof value !== "string") return text(400, expected);
  try {
    openStore().set(key, new TextEncoder().encode(value));
    return text(200, `[${BUCKET}] Stored key '${key}'`);
  } catch (error) {
    return text(500, `cannot store '${key}': ${(error as Error).message}`);
  }
}

function text(status: number, line: string, headers: Record<string, string> = {}): Response {
  return new Response(line + "\n", {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  });
}
