//! A client of wasi:tls over a socket of WASI 0.3: ADDRESS:PORT SERVER-NAME, then what to do.
//! Prints how the handshake, sending and receiving ended, a line each.
use bindings::wasi::tls::client::Connector;
use bindings::wasi::tls::types::Error;
use futures::future::{Either, select};
use futures::{join, pin_mut};
use std::net::SocketAddrV4;
use wasip3::cli::{environment, stdout};
use wasip3::clocks::monotonic_clock;
use wasip3::sockets::types::{IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, TcpSocket};
use wasip3::wit_bindgen::{FutureReader, StreamReader, StreamResult, StreamWriter};
use wasip3::wit_stream;

mod bindings {
    wasip3::wit_bindgen::generate!({
        path: "../../../../build/wit/wit/tls-p3",
        inline: "package test:tls; world client { include wasi:tls/imports@0.3.0-draft; }",
        runtime_path: "wasip3::wit_bindgen::rt",
        generate_all,
    });
}

struct Command;
wasip3::cli::command::export!(Command);

type Ended = FutureReader<Result<(), Error>>;

async fn print(text: &str) {
    let (mut writer, reader) = wit_stream::new();
    let done = stdout::write_via_stream(reader);
    let text = format!("{text}\n").into_bytes();
    let written = async move { writer.write_all(text).await };
    join!(written, done.into_future()).1.unwrap();
}

async fn tell(what: &str, outcome: Result<(), Error>) {
    match outcome {
        Ok(()) => print(&format!("{what}: ok")).await,
        Err(error) => print(&format!("{what}: {}", error.to_debug_string())).await,
    }
}

async fn collect(mut stream: StreamReader<u8>) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let (result, chunk) = stream.read(Vec::with_capacity(16 * 1024)).await;
        all.extend(chunk);
        if !matches!(result, StreamResult::Complete(_)) {
            return all;
        }
    }
}

/// A connection whose ciphertext goes over a socket.
struct Tls {
    connector: Connector,
    cleartext: StreamWriter<u8>,
    sent: Ended,
    received: (StreamReader<u8>, Ended),
    /// Keeps the connection open.
    _socket: TcpSocket,
}

async fn open(address: &str) -> Tls {
    let address: SocketAddrV4 = address.parse().unwrap();
    let [a, b, c, d] = address.ip().octets();
    let socket = TcpSocket::create(IpAddressFamily::Ipv4).unwrap();
    let remote = Ipv4SocketAddress { port: address.port(), address: (a, b, c, d) };
    socket.connect(IpSocketAddress::Ipv4(remote)).await.unwrap();
    let connector = Connector::new();
    let (cleartext, clear) = wit_stream::new();
    let (ciphertext, sent) = connector.send(clear);
    drop(socket.send(ciphertext));
    let (ciphertext, _) = socket.receive();
    let received = connector.receive(ciphertext);
    Tls { connector, cleartext, sent, received, _socket: socket }
}

fn pattern(at: usize) -> u8 {
    (at.wrapping_mul(31) ^ (at >> 11)) as u8
}

/// Sends `mib` MiB and ends.
async fn upload(mut cleartext: StreamWriter<u8>, mib: usize) {
    for piece in 0..mib * 16 {
        let bytes: Vec<u8> = (piece * 65536..(piece + 1) * 65536).map(pattern).collect();
        if !cleartext.write_all(bytes).await.is_empty() {
            return;
        }
    }
}

/// Reads to the end; how much came, and whether it is what was sent.
async fn download(mut stream: StreamReader<u8>) -> (usize, bool) {
    let (mut total, mut same) = (0, true);
    loop {
        let (result, chunk) = stream.read(Vec::with_capacity(64 * 1024)).await;
        same = same && chunk.iter().enumerate().all(|(i, &b)| b == pattern(total + i));
        total += chunk.len();
        if !matches!(result, StreamResult::Complete(_)) {
            return (total, same);
        }
    }
}

impl wasip3::exports::cli::run::Guest for Command {
    async fn run() -> Result<(), ()> {
        let args = environment::get_arguments();
        let arg = |i: usize| args.get(i).map(String::as_str).unwrap_or("");
        let name = arg(2).to_string();
        if arg(3) == "many" {
            return many(arg(4).parse().unwrap()).await;
        }
        let Tls { connector, mut cleartext, sent, received: (received, received_end), _socket } =
            open(arg(1)).await;
        match arg(3) {
            // Says something and reads the answer to its end; with "first", before the handshake.
            "say" | "first" => {
                let text = arg(4).as_bytes().to_vec();
                if arg(3) == "first" {
                    let write = async move { cleartext.write_all(text).await };
                    let (connected, rest) = join!(Connector::connect(connector, name), write);
                    print(&format!("{} unsent", rest.len())).await;
                    tell("connect", connected).await;
                } else {
                    tell("connect", Connector::connect(connector, name).await).await;
                    cleartext.write_all(text).await;
                    drop(cleartext);
                }
                let answer = collect(received).await;
                print(&format!("answer: {}", String::from_utf8_lossy(&answer))).await;
            }
            // Both ways at once.
            "bulk" => {
                tell("connect", Connector::connect(connector, name).await).await;
                let mib = arg(4).parse().unwrap();
                let ((), (total, same)) = join!(upload(cleartext, mib), download(received));
                print(&format!("{total} bytes, same: {same}")).await;
            }
            // Sends while nobody takes what the peer says.
            "deaf" => {
                drop(received);
                tell("connect", Connector::connect(connector, name).await).await;
                upload(cleartext, arg(4).parse().unwrap()).await;
            }
            // Says nothing at all.
            "mute" => {
                drop(cleartext);
                tell("connect", Connector::connect(connector, name).await).await;
                print(&format!("answer: {}", collect(received).await.len())).await;
            }
            // Gives the handshake up after a while.
            "impatient" => {
                {
                    let connect = Connector::connect(connector, name);
                    let patience = monotonic_clock::wait_for(50_000_000);
                    pin_mut!(connect, patience);
                    match select(connect, patience).await {
                        Either::Left((outcome, _)) => tell("connect", outcome).await,
                        Either::Right(_) => print("connect: given up").await,
                    }
                }
                drop((cleartext, received));
            }
            "no-connect" => {
                drop((connector, received));
                print(&format!("{} unsent", cleartext.write_all(b"text".to_vec()).await.len())).await;
            }
            "twice" => {
                let (_, again) = wit_stream::new::<u8>();
                tell("send again", connector.send(again).1.await).await;
                let (_, again) = wit_stream::new::<u8>();
                tell("receive again", connector.receive(again).1.await).await;
                tell("connect", Connector::connect(connector, name).await).await;
                drop((cleartext, received));
            }
            other => panic!("unknown: {other}"),
        }
        tell("send", sent.await).await;
        tell("receive", received_end.await).await;
        Ok(())
    }
}

/// Connectors without a socket, up to the limit and one more; the last says so.
async fn many(count: usize) -> Result<(), ()> {
    let mut all = Vec::new();
    for _ in 0..count {
        let connector = Connector::new();
        let (writer, clear) = wit_stream::new::<u8>();
        let streams = connector.send(clear);
        all.push((connector, writer, streams));
    }
    let (_, _, (_, ended)) = all.pop().unwrap();
    tell("last", ended.await).await;
    let (connector, writer, _) = all.pop().unwrap();
    drop(writer);
    tell("without receive", Connector::connect(connector, "localhost".to_string()).await).await;
    Ok(())
}
