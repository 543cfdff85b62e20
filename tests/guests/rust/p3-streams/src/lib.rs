//! A command of WASI 0.3 that carries bytes through buffers of its own, and stops in the middle:
//! the first argument says how. With a socket, it listens on 127.0.0.1:PORT for one connection.
use futures::future::{Either, join, select};
use std::pin::pin;
use wasip3::cli::{environment, stdout};
use wasip3::clocks::monotonic_clock;
use wasip3::filesystem::preopens;
use wasip3::filesystem::types::{DescriptorFlags, OpenFlags, PathFlags};
use wasip3::sockets::types::{IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, TcpSocket};
use wasip3::wit_bindgen::{StreamReader, StreamResult, StreamWriter};
use wasip3::wit_stream;

struct Command;
wasip3::cli::command::export!(Command);

impl wasip3::exports::cli::run::Guest for Command {
    async fn run() -> Result<(), ()> {
        let args = environment::get_arguments();
        let arg = |i: usize| args.get(i).map(String::as_str).unwrap_or("");
        let size = || arg(2).parse::<usize>().unwrap();
        match arg(1) {
            "copy" => copy_file(size(), arg(3), arg(4)).await,
            "echo" => echo(size()).await,
            "cancel-read" => cancel_read().await,
            "cancel-write" => cancel_write().await,
            "drop" => drop_while_reading().await,
            "trap" => trap_while_reading().await,
            "receive" => receive(size()).await,
            "send" => send(size()).await,
            other => panic!("unknown: {other}"),
        }
        Ok(())
    }
}

async fn print(text: &str) {
    let (mut writer, reader) = wit_stream::new();
    let done = stdout::write_via_stream(reader);
    let text = format!("{text}\n").into_bytes();
    let written = async move { writer.write_all(text).await };
    join(written, done.into_future()).await.1.unwrap();
}

/// From one to the other, `size` bytes at a time; how many there were.
async fn pump(mut from: StreamReader<u8>, mut to: StreamWriter<u8>, size: usize) -> usize {
    let mut total = 0;
    let mut buffer = Vec::with_capacity(size);
    loop {
        let (result, chunk) = from.read(buffer).await;
        total += chunk.len();
        buffer = to.write_all(chunk).await;
        if !buffer.is_empty() || !matches!(result, StreamResult::Complete(_)) {
            return total;
        }
    }
}

async fn copy_file(size: usize, from: &str, to: &str) {
    let (folder, _) = preopens::get_directories().into_iter().next().unwrap();
    let open = |name: &str, how, flags| folder.open_at(PathFlags::empty(), name.to_string(), how, flags);
    let from = open(from, OpenFlags::empty(), DescriptorFlags::READ).await.unwrap();
    let to = open(to, OpenFlags::CREATE, DescriptorFlags::WRITE).await.unwrap();
    let (bytes, read) = from.read_via_stream(0);
    let (writer, reader) = wit_stream::new();
    let written = to.write_via_stream(reader, 0);
    let (total, written) = join(pump(bytes, writer, size), written.into_future()).await;
    written.unwrap();
    read.await.unwrap();
    print(&format!("{total} bytes")).await;
}

async fn connection() -> TcpSocket {
    let environment = environment::get_environment();
    let port = environment.into_iter().find(|(key, _)| key == "PORT").unwrap().1;
    let socket = TcpSocket::create(IpAddressFamily::Ipv4).unwrap();
    let address = Ipv4SocketAddress { port: port.parse().unwrap(), address: (127, 0, 0, 1) };
    socket.bind(IpSocketAddress::Ipv4(address)).unwrap();
    socket.listen().unwrap().next().await.unwrap()
}

async fn echo(size: usize) {
    let socket = connection().await;
    let (bytes, received) = socket.receive();
    let (writer, reader) = wit_stream::new();
    let sent = socket.send(reader);
    let (total, sent) = join(pump(bytes, writer, size), sent.into_future()).await;
    print(&format!("{total} bytes, sent {sent:?}, received {:?}", received.await)).await;
}

/// Takes a read back that waits for the peer, and asks for its bytes once it has the answer.
async fn cancel_read() {
    let socket = connection().await;
    let (mut bytes, received) = socket.receive();
    let (mut writer, reader) = wit_stream::new();
    let sent = socket.send(reader);
    {
        let mut read = pin!(bytes.read(Vec::with_capacity(100)));
        let pause = pin!(monotonic_clock::wait_for(5_000_000));
        match select(read.as_mut(), pause).await {
            Either::Left(_) => panic!("there is nothing to read"),
            Either::Right(_) => {
                let (result, buffer) = read.as_mut().cancel();
                print(&format!("{result:?} {}", buffer.len())).await;
            }
        }
    }
    writer.write_all(b"now".to_vec()).await;
    loop {
        let (result, chunk) = bytes.read(Vec::with_capacity(100)).await;
        if !chunk.is_empty() {
            print(&String::from_utf8_lossy(&chunk)).await;
        }
        if !matches!(result, StreamResult::Complete(_)) {
            break;
        }
    }
    drop(writer);
    sent.await.unwrap();
    received.await.unwrap();
}

/// Takes a write back that a peer who does not read holds up, tells how many bytes are on their
/// way, and overwrites them all: what was taken is the host's.
async fn cancel_write() {
    let socket = connection().await;
    let (mut writer, reader) = wit_stream::new();
    let sent = socket.send(reader);
    let mut piece: Vec<u8> = (0..64u32 << 20).map(|i| (i % 251) as u8).collect();
    let size = piece.len();
    let gone = loop {
        let (result, rest) = {
            let mut write = pin!(writer.write(piece));
            let pause = pin!(monotonic_clock::wait_for(50_000_000));
            match select(write.as_mut(), pause).await {
                Either::Left((done, _)) => done,
                Either::Right(_) => write.as_mut().cancel(),
            }
        };
        let gone = size - rest.remaining();
        piece = rest.into_vec();
        if piece.is_empty() || !matches!(result, StreamResult::Complete(_)) {
            break gone;
        }
    };
    piece.fill(255);
    drop(writer);
    print(&format!("{gone}")).await;
    sent.await.unwrap();
}

async fn drop_while_reading() {
    let socket = connection().await;
    let (mut bytes, received) = socket.receive();
    {
        let read = pin!(bytes.read(Vec::with_capacity(100)));
        let pause = pin!(monotonic_clock::wait_for(5_000_000));
        assert!(matches!(select(read, pause).await, Either::Right(_)));
    }
    drop(bytes);
    print(&format!("{:?}", received.await)).await;
}

async fn trap_while_reading() {
    let socket = connection().await;
    let (mut bytes, _received) = socket.receive();
    let read = pin!(bytes.read(Vec::with_capacity(1 << 20)));
    let pause = pin!(monotonic_clock::wait_for(5_000_000));
    assert!(matches!(select(read, pause).await, Either::Right(_)));
    panic!("on purpose");
}

/// Until the connection ends, however that comes.
async fn receive(size: usize) {
    let socket = connection().await;
    let (mut bytes, received) = socket.receive();
    let mut total = 0;
    loop {
        let (result, chunk) = bytes.read(Vec::with_capacity(size)).await;
        if total == 0 && !chunk.is_empty() {
            print("some").await;
        }
        total += chunk.len();
        if !matches!(result, StreamResult::Complete(_)) {
            break;
        }
    }
    print(&format!("{total} bytes, {:?}", received.await)).await;
}

/// As much as the peer takes.
async fn send(size: usize) {
    let socket = connection().await;
    let (mut writer, reader) = wit_stream::new();
    let sent = socket.send(reader);
    loop {
        let (result, _) = writer.write(vec![7; size]).await;
        if let StreamResult::Dropped = result {
            break;
        }
    }
    drop(writer);
    print(&format!("{:?}", sent.await)).await;
}
