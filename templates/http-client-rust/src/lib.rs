//! A service that asks another one: any request is answered with what UPSTREAM answers.
use std::fmt::Display;
use wstd::http::{Body, Client, Error, Request, Response, StatusCode};
use wstd::time::Duration;

/// Its host is in .wash/config.yaml, too: a component may send requests only where it is allowed to.
const UPSTREAM: &str = "https://httpbin.org/get";

#[wstd::http_server]
async fn main(_request: Request<Body>) -> Result<Response<Body>, Error> {
    match fetch().await {
        Ok(response) => pass_on(response),
        Err(error) => failed(&error),
    }
}

async fn fetch() -> Result<Response<Body>, Error> {
    let mut client = Client::new();
    client.set_connect_timeout(Duration::from_secs(5));
    client.set_first_byte_timeout(Duration::from_secs(30));
    client.send(Request::get(UPSTREAM).body(Body::empty())?).await
}

/// The status, the kind of content, and the body as it comes; the other headers concern the connection to UPSTREAM.
fn pass_on<B>(upstream: Response<B>) -> Result<Response<B>, Error> {
    let (head, body) = upstream.into_parts();
    let mut response = Response::builder().status(head.status);
    if let Some(kind) = head.headers.get("content-type") {
        response = response.header("content-type", kind);
    }
    Ok(response.body(body)?)
}

fn failed<B: From<String>>(error: &impl Display) -> Result<Response<B>, Error> {
    let response = Response::builder().status(StatusCode::BAD_GATEWAY);
    Ok(response.body(format!("upstream request failed: {error}\n").into())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_on_status_kind_and_body() {
        let upstream = Response::builder()
            .status(418)
            .header("content-type", "text/plain")
            .header("x-secret", "of upstream")
            .body("tea");
        let response = pass_on(upstream.unwrap()).unwrap();
        assert_eq!(response.status(), 418);
        assert_eq!(response.headers()["content-type"], "text/plain");
        assert!(!response.headers().contains_key("x-secret"));
        assert_eq!(response.into_body(), "tea");
    }

    #[test]
    fn answers_502_when_upstream_fails() {
        let response: Response<String> = failed(&"connection refused").unwrap();
        assert_eq!(response.status(), 502);
        assert_eq!(response.into_body(), "upstream request failed: connection refused\n");
    }
}
