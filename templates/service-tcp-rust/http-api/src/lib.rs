//! A web page and an API before the service: POST /task hands a line to it and answers with what comes back.
use serde::Deserialize;
use wstd::future::FutureExt;
use wstd::http::{Body, Error, Method, Request, Response};
use wstd::io::{AsyncRead, AsyncWrite};
use wstd::net::TcpStream;
use wstd::time::Duration;

/// Where service-leet listens, on the loopback of this workload.
const SERVICE: &str = "127.0.0.1:7777";
const PATIENCE_SECONDS: u64 = 5;
const LONGEST_REPLY: usize = 64 * 1024;

#[wstd::http_server]
async fn main(request: Request<Body>) -> Result<Response<Body>, Error> {
    let (head, mut body) = request.into_parts();
    let response = match (head.uri.path(), &head.method) {
        ("/", &Method::GET) => answer(200, "text/html; charset=utf-8", include_str!("page.html").into()),
        ("/task", &Method::POST) => match line_of(body.contents().await?) {
            Ok(line) => forward(&line).await,
            Err(error) => text(400, error),
        },
        ("/" | "/task", _) => text(405, "Method not allowed; use GET / or POST /task".into()),
        _ => text(404, "Not found".into()),
    };
    Ok(response.map(Body::from))
}

#[derive(Deserialize)]
struct Task {
    payload: String,
}

/// The line to send: a payload of several lines becomes one, since the service answers line by line.
fn line_of(body: &[u8]) -> Result<String, String> {
    let task: Task = serde_json::from_slice(body)
        .map_err(|error| format!("expected {{\"payload\": \"...\"}}: {error}"))?;
    Ok(task.payload.lines().collect::<Vec<_>>().join(" ") + "\n")
}

async fn forward(line: &str) -> Response<String> {
    match ask(line).timeout(Duration::from_secs(PATIENCE_SECONDS)).await {
        Ok(Ok(reply)) => text(200, reply),
        Ok(Err(error)) => text(502, format!("the service failed: {error}")),
        Err(_) => text(502, format!("the service did not answer within {PATIENCE_SECONDS} seconds")),
    }
}

/// Sends the line and reads the one that comes back.
async fn ask(line: &str) -> Result<String, String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(SERVICE).await.map_err(failed)?;
    stream.write_all(line.as_bytes()).await.map_err(failed)?;
    let mut reply = Vec::new();
    let mut buffer = [0; 4096];
    while !reply.contains(&b'\n') && reply.len() < LONGEST_REPLY {
        match stream.read(&mut buffer).await.map_err(failed)? {
            0 => return Err("it closed the connection".into()),
            count => reply.extend_from_slice(&buffer[..count]),
        }
    }
    Ok(String::from_utf8_lossy(&reply).trim_end().to_owned())
}

fn text(status: u16, line: String) -> Response<String> {
    answer(status, "text/plain; charset=utf-8", line + "\n")
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
    use super::line_of;

    #[test]
    fn makes_one_line_of_a_payload() {
        assert_eq!(line_of(br#"{"payload": "one\ntwo"}"#).unwrap(), "one two\n");
    }

    #[test]
    fn says_what_is_wrong_with_a_body() {
        assert!(line_of(b"{}").unwrap_err().contains("missing field `payload`"));
    }
}
