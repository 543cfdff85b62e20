/** An HTTP service that keeps values: the host's side of service.ts. */
import { open, type Error as BucketError } from "wasi:keyvalue/store@0.2.0-draft";
import { BUCKET, route, type Store } from "./service.js";

function openBucket(): Store {
  const bucket = attempt(() => open(BUCKET));
  return {
    get: (key) => attempt(() => bucket.get(key)),
    set: (key, value) => attempt(() => bucket.set(key, value)),
  };
}

/** An error of the host is thrown as what it is in WIT; this makes an Error of it. */
function attempt<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    const error = (thrown as { payload: BucketError }).payload;
    if (error?.tag === "no-such-store") throw new Error("there is no such bucket");
    if (error?.tag === "access-denied") throw new Error("access is denied");
    throw new Error(error?.val ?? String(thrown));
  }
}

addEventListener("fetch", (event) => {
  const fetch = event as FetchEvent;
  fetch.respondWith(route(openBucket, fetch.request));
});
