//! A service: answers lines at 127.0.0.1:$PORT (7777) in capitals, with their number since it
//! began; "quit" ends it, "udp" answers a datagram's text at 127.0.0.1:7778 first.
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, UdpSocket};

fn main() {
    let port = std::env::var("PORT").unwrap_or("7777".into());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    println!("service at {}", listener.local_addr().unwrap());
    let udp = UdpSocket::bind("127.0.0.1:7778").unwrap();
    let mut count = 0;
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut line = String::new();
        BufReader::new(&stream).read_line(&mut line).unwrap();
        count += 1;
        match line.trim_end() {
            "quit" => return,
            "udp" => {
                let mut buffer = [0; 1024];
                let (size, from) = udp.recv_from(&mut buffer).unwrap();
                udp.send_to(&buffer[..size], from).unwrap();
            }
            _ => {}
        }
        writeln!(stream, "{} {count}", line.trim_end().to_uppercase()).unwrap();
    }
}
