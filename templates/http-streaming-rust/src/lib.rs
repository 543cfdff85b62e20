//! An HTTP service of WASI 0.3: bodies are streams, read and written while the other side still works.
mod words;

use wasip3::clocks::monotonic_clock;
use wasip3::http::types::{ErrorCode, Fields, Method, Request, Response, Trailers};
use wasip3::wit_bindgen::{FutureReader, StreamReader, StreamResult, StreamWriter};
use wasip3::{spawn_local, wit_future, wit_stream};
use words::WordCount;

const CHUNK: usize = 64 * 1024;
const TICK: u64 = 200_000_000; // nanoseconds

struct Service;
wasip3::http::service::export!(Service);

impl wasip3::exports::http::handler::Guest for Service {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        let target = request.get_path_with_query().unwrap_or_default();
        let path = target.split('?').next().unwrap_or("/");
        Ok(match (path, request.get_method()) {
            ("/", Method::Get) => text(200, "Hello from wasmCloud!\n"),
            ("/ticks", Method::Get) => ticks(),
            ("/echo", Method::Post) => echo(request),
            ("/upper", Method::Post) => upper(request),
            ("/words", Method::Post) => words(request).await,
            ("/" | "/ticks" | "/echo" | "/upper" | "/words", _) => text(405, "Method not allowed\n"),
            _ => text(404, "Not found\n"),
        })
    }
}

/// Five lines, one every fifth of a second: the client sees each when it is written.
fn ticks() -> Response {
    respond(200, |mut out| async move {
        for number in 1..=5 {
            if !out.write_all(format!("tick {number}\n").into_bytes()).await.is_empty() {
                return; // the client went away
            }
            monotonic_clock::wait_for(TICK).await;
        }
    })
}

/// The request's own stream becomes the response's: its bytes do not pass through here at all.
fn echo(request: Request) -> Response {
    let (body, trailers) = consume(request);
    Response::new(Fields::new(), Some(body), trailers).0
}

/// Each chunk goes out in capitals before the next is read.
fn upper(request: Request) -> Response {
    let (mut body, _) = consume(request);
    respond(200, |mut out| async move {
        while let Some(mut chunk) = next(&mut body).await {
            chunk.make_ascii_uppercase();
            if !out.write_all(chunk).await.is_empty() {
                return;
            }
        }
    })
}

/// The words of a body of any length, counted in the memory of one chunk.
async fn words(request: Request) -> Response {
    let (mut body, _) = consume(request);
    let mut count = WordCount::default();
    while let Some(chunk) = next(&mut body).await {
        count.add(&chunk);
    }
    text(200, &format!("{}\n", count.words()))
}

type Body = StreamReader<u8>;
type TrailersToCome = FutureReader<Result<Option<Trailers>, ErrorCode>>;

fn consume(request: Request) -> (Body, TrailersToCome) {
    let (_, done) = wit_future::new(|| Ok(()));
    Request::consume_body(request, done)
}

/// What has come since; None at the end.
async fn next(body: &mut Body) -> Option<Vec<u8>> {
    loop {
        match body.read(Vec::with_capacity(CHUNK)).await {
            (_, chunk) if !chunk.is_empty() => return Some(chunk),
            (StreamResult::Complete(_), _) => continue,
            _ => return None,
        }
    }
}

fn text(status: u16, text: &str) -> Response {
    let bytes = text.as_bytes().to_vec();
    respond(status, |mut out| async move {
        // What is left over was for a client that went away.
        let _ = out.write_all(bytes).await;
    })
}

/// A response whose body `write` sends, after its head is out.
fn respond<F>(status: u16, write: impl FnOnce(StreamWriter<u8>) -> F) -> Response
where
    F: Future<Output = ()> + 'static,
{
    let (out, body) = wit_stream::new();
    let (_, trailers) = wit_future::new(|| Ok(None));
    let headers = Fields::new();
    headers
        .append("content-type", b"text/plain; charset=utf-8")
        .expect("the header is a constant");
    let (response, _sent) = Response::new(headers, Some(body), trailers);
    response.set_status_code(status).expect("the status is a constant");
    spawn_local(write(out));
    response
}
