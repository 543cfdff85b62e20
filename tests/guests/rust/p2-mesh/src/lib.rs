//! Answers with what it reaches in its workload: `/tcp/HOST/PORT/TEXT` and `/udp/HOST/PORT/TEXT`
//! send a line and answer the one that comes back, `/listen/PORT` tries to, `/env[/NAME]` and
//! `/read/PATH` tell of its environment and files, `/write/PATH/TEXT` writes one.
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use wasip2::http::types::{
    Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam,
};

fn answer(path: &str) -> std::io::Result<String> {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts[..] {
        ["tcp", host, port, text] => {
            let mut stream = TcpStream::connect(format!("{host}:{port}"))?;
            writeln!(stream, "{text}")?;
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line)?;
            Ok(format!("{}from {}\n", line, stream.peer_addr()?))
        }
        ["udp", host, port, text] => {
            let socket = UdpSocket::bind("127.0.0.1:0")?;
            socket.send_to(text.as_bytes(), format!("{host}:{port}"))?;
            let mut buffer = [0; 1024];
            let (size, from) = socket.recv_from(&mut buffer)?;
            Ok(format!("{} from {from}\n", String::from_utf8_lossy(&buffer[..size])))
        }
        ["listen", port] => {
            Ok(format!("listens at {}\n", TcpListener::bind(format!("127.0.0.1:{port}"))?.local_addr()?))
        }
        ["env"] => {
            let mut all: Vec<_> = std::env::vars().map(|(k, v)| format!("{k}={v}\n")).collect();
            all.sort();
            Ok(all.concat())
        }
        // Its length alone, for what is not to be shown.
        ["env", name] => Ok(match std::env::var(name) {
            Ok(value) => format!("{name} has {} bytes\n", value.len()),
            Err(_) => format!("{name} is not set\n"),
        }),
        ["read", ..] => std::fs::read_to_string(&path["/read".len()..]),
        ["write", .., text] => {
            let file = &path["/write".len()..path.len() - text.len() - 1];
            std::fs::write(file, text)?;
            Ok(format!("wrote {file}\n"))
        }
        _ => Ok("mesh\n".into()),
    }
}

struct Mesh;
wasip2::http::proxy::export!(Mesh);

impl wasip2::exports::http::incoming_handler::Guest for Mesh {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        let text = answer(&path).unwrap_or_else(|error| format!("{:?}\n", error.kind()));
        let response = OutgoingResponse::new(Fields::new());
        let body = response.body().unwrap();
        ResponseOutparam::set(out, Ok(response));
        let stream = body.write().unwrap();
        for piece in text.as_bytes().chunks(4096) {
            stream.blocking_write_and_flush(piece).unwrap();
        }
        drop(stream);
        OutgoingBody::finish(body, None).unwrap();
    }
}
