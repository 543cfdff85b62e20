import assert from "node:assert/strict";
import { test } from "node:test";
import { route, type Store } from "./service.js";

/** A store in memory, which fails for the key "broken". */
function memory(): Store {
  const values = new Map<string, Uint8Array>();
  return {
    get(key) {
      if (key === "broken") throw new Error("no such disk");
      return values.get(key);
    },
    set: (key, value) => void values.set(key, value),
  };
}

async function ask(store: Store, method: string, query = "", body?: string) {
  const request = new Request(`http://localhost/${query}`, { method, body });
  const response = await route(() => store, request);
  return [response.status, await response.text()];
}

test("reads what was stored", async () => {
  const store = memory();
  assert.deepEqual(await ask(store, "POST", "", '{"key": "a b", "value": "1"}'), [
    200,
    "[in_memory] Stored key 'a b'\n",
  ]);
  assert.deepEqual(await ask(store, "GET", "?key=a+b"), [200, "[in_memory] 1\n"]);
  assert.deepEqual(await ask(store, "GET", "?key=c"), [404, "[in_memory] Key 'c' not found\n"]);
});

test("says what is wrong", async () => {
  const store = memory();
  assert.deepEqual(await ask(store, "GET"), [400, "Missing parameter 'key'\n"]);
  assert.equal((await ask(store, "PUT"))[0], 405);
  for (const body of ["no JSON", "null", "[]", "{}", '{"key": 1, "value": "1"}'])
    assert.equal((await ask(store, "POST", "", body))[0], 400, body);
});

test("says that the store failed", async () => {
  const failed = [500, "cannot read 'broken': no such disk\n"];
  assert.deepEqual(await ask(memory(), "GET", "?key=broken"), failed);
});
