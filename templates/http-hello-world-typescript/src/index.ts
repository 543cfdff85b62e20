/** An HTTP service: `GET /` is greeted, anything else is not found. */
import { answer } from "./service.js";

addEventListener("fetch", (event) => {
  const fetch = event as FetchEvent;
  fetch.respondWith(answer(fetch.request));
});
