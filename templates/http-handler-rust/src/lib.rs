//! An HTTP service with a few routes: text, JSON in and out, and errors that say what would be right.
use serde::{Deserialize, Serialize};
use wstd::http::{Body, Error, Method, Request, Response, Uri};

#[wstd::http_server]
async fn main(request: Request<Body>) -> Result<Response<Body>, Error> {
    let (head, mut body) = request.into_parts();
    let answer = route(&head.method, &head.uri, body.contents().await?);
    Ok(answer.map(Body::from))
}

/// The whole service, without the host: this is what the tests call.
fn route(method: &Method, uri: &Uri, body: &[u8]) -> Response<String> {
    match (uri.path(), method) {
        ("/", &Method::GET) => text(200, "Hello from wasmCloud!"),
        ("/api/greet", &Method::GET) => greet(uri.query().unwrap_or_default()),
        ("/api/echo", &Method::POST) => echo(body),
        ("/" | "/api/greet", _) => not_allowed("GET"),
        ("/api/echo", _) => not_allowed("POST"),
        _ => text(404, "Not found"),
    }
}

fn greet(query: &str) -> Response<String> {
    let name = form_urlencoded::parse(query.as_bytes())
        .find(|(key, value)| key == "name" && !value.is_empty())
        .map_or("world".into(), |(_, value)| value);
    text(200, &format!("Hello, {name}!"))
}

#[derive(Serialize, Deserialize)]
struct Message {
    message: String,
}

fn echo(body: &[u8]) -> Response<String> {
    match serde_json::from_slice::<Message>(body) {
        Ok(message) => json(&message),
        Err(error) => text(400, &format!("expected {{\"message\": \"...\"}}: {error}")),
    }
}

fn json(value: &impl Serialize) -> Response<String> {
    match serde_json::to_string(value) {
        Ok(body) => answer(200, "application/json", body),
        Err(error) => text(500, &format!("cannot write the answer: {error}")),
    }
}

fn not_allowed(allowed: &'static str) -> Response<String> {
    let mut response = text(405, &format!("Method not allowed; use {allowed}"));
    let headers = response.headers_mut();
    headers.insert("allow", wstd::http::HeaderValue::from_static(allowed));
    response
}

fn text(status: u16, line: &str) -> Response<String> {
    answer(status, "text/plain; charset=utf-8", format!("{line}\n"))
}

fn answer(status: u16, content_type: &str, body: String) -> Response<String> {
    Response::builder()
        .status(status)
        .header("content-type", content_type)
        .body(body)
        .expect("status and headers are constants of this file")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(method: Method, target: &str, body: &str) -> (u16, String) {
        let response = route(&method, &target.parse().unwrap(), body.as_bytes());
        (response.status().as_u16(), response.into_body())
    }

    #[test]
    fn greets_by_name() {
        let greeting = |target| ask(Method::GET, target, "").1;
        assert_eq!(greeting("/"), "Hello from wasmCloud!\n");
        assert_eq!(greeting("/api/greet"), "Hello, world!\n");
        assert_eq!(greeting("/api/greet?name=Ada%20L"), "Hello, Ada L!\n");
    }

    #[test]
    fn echoes_a_message() {
        let (status, body) = ask(Method::POST, "/api/echo", r#"{ "message": "hi" }"#);
        assert_eq!((status, body.as_str()), (200, r#"{"message":"hi"}"#));
    }

    #[test]
    fn says_what_is_wrong_with_a_body() {
        let (status, body) = ask(Method::POST, "/api/echo", "{}");
        assert_eq!(status, 400);
        assert!(body.contains("missing field `message`"), "{body}");
    }

    #[test]
    fn knows_other_paths_from_other_methods() {
        assert_eq!(ask(Method::GET, "/else", "").0, 404);
        let response = route(&Method::GET, &"/api/echo".parse().unwrap(), b"");
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()["allow"], "POST");
    }
}
