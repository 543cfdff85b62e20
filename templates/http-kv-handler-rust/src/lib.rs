//! An HTTP service that keeps values: POST {"key": ..., "value": ...} stores one, GET ?key=... reads it.
mod store;

use serde::Deserialize;
use store::{Bucket, Store};
use wstd::http::{Body, Error, HeaderValue, Method, Request, Response};

/// The bucket that holds the values.
const BUCKET: &str = "in_memory";

#[wstd::http_server]
async fn main(request: Request<Body>) -> Result<Response<Body>, Error> {
    let (head, mut body) = request.into_parts();
    let body = body.contents().await?;
    let query = head.uri.query().unwrap_or_default();
    let answer = match Bucket::open(BUCKET) {
        Ok(bucket) => route(&bucket, &head.method, query, body),
        Err(error) => text(500, format!("cannot open the bucket '{BUCKET}': {error}")),
    };
    Ok(answer.map(Body::from))
}

/// The whole service, on any store: the tests call it with one of their own.
fn route(store: &impl Store, method: &Method, query: &str, body: &[u8]) -> Response<String> {
    match *method {
        Method::GET => read(store, query),
        Method::POST => write(store, body),
        _ => {
            let mut response = text(405, "Method not allowed; use GET or POST".into());
            let headers = response.headers_mut();
            headers.insert("allow", HeaderValue::from_static("GET, POST"));
            response
        }
    }
}

fn read(store: &impl Store, query: &str) -> Response<String> {
    let Some((_, key)) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "key")
    else {
        return text(400, "Missing parameter 'key'".into());
    };
    match store.get(&key) {
        Ok(Some(value)) => text(200, format!("[{BUCKET}] {}", String::from_utf8_lossy(&value))),
        Ok(None) => text(404, format!("[{BUCKET}] Key '{key}' not found")),
        Err(error) => text(500, format!("cannot read '{key}': {error}")),
    }
}

#[derive(Deserialize)]
struct Entry {
    key: String,
    value: String,
}

fn write(store: &impl Store, body: &[u8]) -> Response<String> {
    let entry: Entry = match serde_json::from_slice(body) {
        Ok(entry) => entry,
        Err(error) => {
            return text(400, format!("expected {{\"key\": \"...\", \"value\": \"...\"}}: {error}"));
        }
    };
    match store.set(&entry.key, entry.value.as_bytes()) {
        Ok(()) => text(200, format!("[{BUCKET}] Stored key '{}'", entry.key)),
        Err(error) => text(500, format!("cannot store '{}': {error}", entry.key)),
    }
}

fn text(status: u16, line: String) -> Response<String> {
    Response::builder()
        .status(status)
        .header("content-type", "text/plain; charset=utf-8")
        .body(line + "\n")
        .expect("status and headers are constants of this file")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{cell::RefCell, collections::HashMap};

    /// A store in memory, which fails for the key "broken".
    #[derive(Default)]
    struct Memory(RefCell<HashMap<String, Vec<u8>>>);

    impl Store for Memory {
        fn get(&self, key: &str) -> Result<Option<Vec<u8>>, String> {
            if key == "broken" { Err("no such disk".into()) } else { Ok(self.0.borrow().get(key).cloned()) }
        }
        fn set(&self, key: &str, value: &[u8]) -> Result<(), String> {
            self.0.borrow_mut().insert(key.into(), value.into());
            Ok(())
        }
    }

    fn ask(store: &Memory, method: Method, query: &str, body: &str) -> (u16, String) {
        let response = route(store, &method, query, body.as_bytes());
        (response.status().as_u16(), response.into_body())
    }

    #[test]
    fn reads_what_was_stored() {
        let store = Memory::default();
        let stored = ask(&store, Method::POST, "", r#"{"key": "a b", "value": "1"}"#);
        assert_eq!(stored, (200, "[in_memory] Stored key 'a b'\n".into()));
        assert_eq!(ask(&store, Method::GET, "key=a+b", ""), (200, "[in_memory] 1\n".into()));
        assert_eq!(ask(&store, Method::GET, "key=c", "").0, 404);
    }

    #[test]
    fn says_what_is_wrong() {
        let store = Memory::default();
        assert_eq!(ask(&store, Method::GET, "", ""), (400, "Missing parameter 'key'\n".into()));
        assert_eq!(ask(&store, Method::POST, "", "no JSON").0, 400);
        assert_eq!(ask(&store, Method::PUT, "", "").0, 405);
        let failed = ask(&store, Method::GET, "key=broken", "");
        assert_eq!(failed, (500, "cannot read 'broken': no such disk\n".into()));
    }
}
