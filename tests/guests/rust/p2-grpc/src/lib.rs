//! gRPC both ways. `/echo.Echo/…` answers every message of the call with itself, as it comes; any other call is passed
//! on to the server that the variable UPSTREAM names (`http://HOST:PORT`), messages, metadata and trailers both ways.
use wasip2::cli::environment::get_environment;
use wasip2::http::outgoing_handler;
use wasip2::http::types::{
    Fields, IncomingBody, IncomingRequest, Method, OutgoingBody, OutgoingRequest, OutgoingResponse, ResponseOutparam,
    Scheme, Trailers,
};
use wasip2::io::streams::StreamError;

struct Grpc;
wasip2::http::proxy::export!(Grpc);

/// Copies the body to its end and returns the trailers behind it.
fn copy(from: IncomingBody, to: &OutgoingBody) -> Option<Trailers> {
    {
        let input = from.stream().unwrap();
        let output = to.write().unwrap();
        loop {
            match output.blocking_splice(&input, 64 * 1024) {
                Ok(_) => output.flush().unwrap(),
                Err(StreamError::Closed) => break,
                Err(StreamError::LastOperationFailed(error)) => panic!("{}", error.to_debug_string()),
            }
        }
    }
    let trailers = IncomingBody::finish(from);
    trailers.subscribe().block();
    trailers.get().unwrap().unwrap().unwrap()
}

/// What may be passed on; the host sets the rest.
fn passed_on(fields: &Fields) -> Fields {
    let out = Fields::new();
    for (name, value) in fields.entries() {
        let _ = out.append(&name, &value);
    }
    out
}

fn answer(out: ResponseOutparam, headers: Fields) -> OutgoingBody {
    let response = OutgoingResponse::new(headers);
    let body = response.body().unwrap();
    ResponseOutparam::set(out, Ok(response));
    body
}

fn echo(request: IncomingRequest, out: ResponseOutparam) {
    let headers = Fields::from_list(&[("content-type".into(), b"application/grpc".to_vec())]).unwrap();
    let body = answer(out, headers);
    copy(request.consume().unwrap(), &body);
    let trailers = Fields::from_list(&[
        ("grpc-status".into(), b"0".to_vec()),
        ("grpc-message".into(), b"echoed".to_vec()),
    ])
    .unwrap();
    OutgoingBody::finish(body, Some(trailers)).unwrap();
}

fn pass_on(request: IncomingRequest, out: ResponseOutparam, upstream: &str) {
    let outgoing = OutgoingRequest::new(passed_on(&request.headers()));
    outgoing.set_method(&Method::Post).unwrap();
    outgoing.set_scheme(Some(&Scheme::Http)).unwrap();
    outgoing.set_authority(Some(upstream.trim_start_matches("http://"))).unwrap();
    outgoing.set_path_with_query(request.path_with_query().as_deref()).unwrap();
    let body = outgoing.body().unwrap();
    let future = match outgoing_handler::handle(outgoing, None) {
        Ok(future) => future,
        Err(code) => return unavailable(out, &format!("{code:?}")),
    };
    let trailers = copy(request.consume().unwrap(), &body);
    OutgoingBody::finish(body, trailers.as_ref().map(passed_on)).unwrap();
    future.subscribe().block();
    let incoming = match future.get().unwrap().unwrap() {
        Ok(incoming) => incoming,
        Err(code) => return unavailable(out, &format!("{code:?}")),
    };
    let body = answer(out, passed_on(&incoming.headers()));
    let trailers = copy(incoming.consume().unwrap(), &body);
    OutgoingBody::finish(body, trailers.as_ref().map(passed_on)).unwrap();
}

/// A call without messages that ends as unavailable.
fn unavailable(out: ResponseOutparam, why: &str) {
    let headers = Fields::from_list(&[
        ("content-type".into(), b"application/grpc".to_vec()),
        ("grpc-status".into(), b"14".to_vec()),
        ("grpc-message".into(), why.as_bytes().to_vec()),
    ])
    .unwrap();
    OutgoingBody::finish(answer(out, headers), None).unwrap();
}

impl wasip2::exports::http::incoming_handler::Guest for Grpc {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        if request.path_with_query().unwrap_or_default().starts_with("/echo.Echo/") {
            return echo(request, out);
        }
        let environment = get_environment();
        let upstream = environment.iter().find(|(name, _)| name == "UPSTREAM");
        match upstream {
            Some((_, url)) => pass_on(request, out, url),
            None => unavailable(out, "no UPSTREAM"),
        }
    }
}
