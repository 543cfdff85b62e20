//! A handler of WASI 0.3 whose instance answers many requests: the path says what it does.
use std::cell::{Cell, RefCell};
use wasip3::cli::stderr;
use wasip3::clocks::monotonic_clock;
use wasip3::http::client;
use wasip3::http::types::{ErrorCode, Fields, Request, Response, Scheme};
use wasip3::wit_bindgen::StreamResult;
use wasip3::{spawn_local, wit_future, wit_stream};

struct Server;
wasip3::http::service::export!(Server);

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
    static RUNNING: Cell<u32> = const { Cell::new(0) };
    static DROPPED: Cell<u32> = const { Cell::new(0) };
    static KEPT: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// Counts what ends before it was disarmed.
struct Guard {
    armed: bool,
    then: fn(),
}

impl Guard {
    fn new(then: fn()) -> Guard {
        Guard { armed: true, then }
    }
    fn disarm(mut self) {
        self.armed = false;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.armed {
            DROPPED.set(DROPPED.get() + 1);
            (self.then)();
        }
    }
}

struct Running;

impl Running {
    fn new() -> Running {
        RUNNING.set(RUNNING.get() + 1);
        Running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.set(RUNNING.get() - 1);
    }
}

fn number(query: &str, key: &str, default: u64) -> u64 {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')?.parse().ok())
        .unwrap_or(default)
}

fn text(status: u16, text: impl Into<Vec<u8>>) -> Response {
    let text = text.into();
    let (mut body, reader) = wit_stream::new();
    let (_, trailers) = wit_future::new(|| Ok(None));
    let (response, _sent) = Response::new(Fields::new(), Some(reader), trailers);
    response.set_status_code(status).unwrap();
    spawn_local(async move {
        body.write_all(text).await;
    });
    response
}

async fn wait(ms: u64) {
    monotonic_clock::wait_for(ms * 1_000_000).await;
}

fn spin() {
    let mut n = 0u64;
    loop {
        n = std::hint::black_box(n + 1);
    }
}

fn work(millions: u64) {
    for n in 0..millions * 1_000_000 {
        std::hint::black_box(n);
    }
}

/// To standard error, behind the answer.
async fn say(text: String) {
    let (mut writer, reader) = wit_stream::new();
    let done = stderr::write_via_stream(reader);
    writer.write_all(text.into_bytes()).await;
    drop(writer);
    done.into_future().await.unwrap();
}

fn with_body<F>(write: impl FnOnce(wasip3::wit_bindgen::StreamWriter<u8>) -> F) -> Response
where
    F: Future<Output = ()> + 'static,
{
    let (body, reader) = wit_stream::new();
    let (_, trailers) = wit_future::new(|| Ok(None));
    let (response, _sent) = Response::new(Fields::new(), Some(reader), trailers);
    spawn_local(write(body));
    response
}

async fn echo(request: Request) -> Response {
    let headers = Fields::new();
    for (name, value) in request.get_headers().copy_all() {
        if name == "content-type" || name.starts_with("x-") {
            headers.append(&name, &value).unwrap();
        }
    }
    let (_done, done) = wit_future::new(|| Ok(()));
    let (mut body, trailers) = Request::consume_body(request, done);
    let (mut out, reader) = wit_stream::new();
    let (out_trailers, trailers_reader) = wit_future::new(|| Ok(None));
    spawn_local(async move {
        let mut buffer = Vec::with_capacity(64 * 1024);
        loop {
            let (result, chunk) = body.read(buffer).await;
            if !chunk.is_empty() && !out.write_all(chunk).await.is_empty() {
                return;
            }
            if !matches!(result, StreamResult::Complete(_)) {
                break;
            }
            buffer = Vec::with_capacity(64 * 1024);
        }
        drop(out);
        let _ = out_trailers.write(trailers.await).await;
    });
    Response::new(headers, Some(reader), trailers_reader).0
}

/// Sends the request on to the rest of the path: `/to/AUTHORITY/PATH`.
async fn forward(request: Request, target: &str) -> Result<Response, ErrorCode> {
    let (authority, path) = target.split_at(target.find('/').unwrap_or(target.len()));
    let (_done, done) = wit_future::new(|| Ok(()));
    let method = request.get_method();
    let (body, trailers) = Request::consume_body(request, done);
    let (outgoing, sent) = Request::new(Fields::new(), Some(body), trailers, None);
    outgoing.set_method(&method).unwrap();
    outgoing.set_scheme(Some(&Scheme::Http)).unwrap();
    outgoing.set_authority(Some(authority)).unwrap();
    outgoing.set_path_with_query(Some(path)).unwrap();
    let incoming = client::send(outgoing).await?;
    let headers = Fields::new();
    let status = incoming.get_status_code();
    let (_done, done) = wit_future::new(|| Ok(()));
    let (body, trailers) = Response::consume_body(incoming, done);
    let (response, _) = Response::new(headers, Some(body), trailers);
    response.set_status_code(status).unwrap();
    spawn_local(async move {
        let outcome = sent.await;
        say(format!("sent: {outcome:?}\n")).await;
    });
    Ok(response)
}

impl wasip3::exports::http::handler::Guest for Server {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        CALLS.set(CALLS.get() + 1);
        let _running = Running::new();
        let target = request.get_path_with_query().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        if let Some(target) = path.strip_prefix("/to/") {
            let target = target.to_owned();
            return match forward(request, &target).await {
                Ok(response) => Ok(response),
                Err(code) => Ok(text(502, format!("{code:?}\n"))),
            };
        }
        Ok(match path {
            "/" => text(200, "hello from p3\n"),
            // Calls that this instance has begun, that it runs, and that ended early.
            "/calls" => text(200, format!("{}\n", CALLS.get())),
            "/running" => text(200, format!("{}\n", RUNNING.get())),
            "/dropped" => text(200, format!("{}\n", DROPPED.get())),
            "/echo" => echo(request).await,
            "/wait" => {
                let guard = Guard::new(|| {});
                wait(number(query, "ms", 100)).await;
                guard.disarm();
                text(200, "waited\n")
            }
            // Ignores that its task is cancelled.
            "/stubborn" => {
                let _guard = Guard::new(spin);
                wait(1_000_000).await;
                text(200, "")
            }
            // Computes for a while, by itself and in a task behind the answer.
            "/work" => {
                work(number(query, "n", 1));
                let behind = number(query, "behind", 0);
                if behind > 0 {
                    spawn_local(async move {
                        wait(50).await;
                        work(behind)
                    });
                }
                text(200, "worked\n")
            }
            "/spin" => {
                spin();
                text(200, "")
            }
            // A body without end, until nobody takes it.
            "/ticks" => with_body(|mut body| async move {
                let guard = Guard::new(|| {});
                while body.write_all(b"tick\n".to_vec()).await.is_empty() {
                    wait(5).await;
                }
                drop(guard);
            }),
            "/trap" => std::process::abort(),
            // The head, and a trap before anything else.
            "/early-trap" => with_body(|_body| async { std::process::abort() }),
            // The head and a part of the body, then a trap.
            "/late-trap" => with_body(|mut body| async move {
                body.write_all(b"half of".to_vec()).await;
                wait(20).await;
                std::process::abort()
            }),
            // Answers, and then goes on.
            "/behind" => {
                let ms = number(query, "ms", 50);
                spawn_local(async move {
                    wait(ms).await;
                    say("done behind the answer\n".into()).await;
                });
                text(200, "answered\n")
            }
            "/keep" => {
                let block = vec![1u8; number(query, "kib", 1024) as usize * 1024];
                let kept = KEPT.with_borrow_mut(|kept| {
                    kept.push(block);
                    kept.len()
                });
                text(200, format!("{kept}\n"))
            }
            // A body that its guest gives up.
            "/cut" => {
                let (mut body, reader) = wit_stream::new();
                let (trailers, trailers_reader) = wit_future::new(|| Ok(None));
                spawn_local(async move {
                    body.write_all(b"half of".to_vec()).await;
                    drop(body);
                    wait(20).await;
                    let _ = trailers.write(Err(ErrorCode::InternalError(None))).await;
                });
                Response::new(Fields::new(), Some(reader), trailers_reader).0
            }
            // What became of the response it sent.
            "/outcome" => {
                let (mut body, reader) = wit_stream::new();
                let (_, trailers) = wit_future::new(|| Ok(None));
                let (response, sent) = Response::new(Fields::new(), Some(reader), trailers);
                spawn_local(async move {
                    body.write_all(vec![b'x'; number_of_bytes()]).await;
                });
                spawn_local(async move {
                    let outcome = sent.await;
                    say(format!("sent: {outcome:?}\n")).await;
                });
                response
            }
            "/error" => return Err(ErrorCode::InternalError(Some("on purpose".into()))),
            _ => text(404, "no such path\n"),
        })
    }
}

fn number_of_bytes() -> usize {
    64 * 1024 * 1024
}
