//! How many requests does a service answer while two clients ask without a pause?

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

const REQUEST: &[u8] =
    b"GET /orders/7 HTTP/1.1\r\nhost: shop.example:8080\r\nuser-agent: curl/8.5.0\r\n\r\n";
const CONNECTIONS: usize = 2;

/// Requests a second.
#[expect(clippy::cast_precision_loss, reason = "a count of some seconds")]
pub(crate) fn requests(port: u16, seconds: u64) -> f64 {
    let until = Duration::from_secs(seconds);
    let clients: Vec<_> =
        (0..CONNECTIONS).map(|_| thread::spawn(move || ask(port, until))).collect();
    let counts = clients.into_iter().map(|client| client.join().expect("a client of the bench"));
    counts.sum::<u64>() as f64 / until.as_secs_f64()
}

fn ask(port: u16, until: Duration) -> u64 {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the service listens");
    stream.set_nodelay(true).expect("a socket");
    let mut response = [0; 1024];
    let started = Instant::now();
    let mut count = 0;
    while started.elapsed() < until {
        stream.write_all(REQUEST).expect("the service reads");
        let mut read = 0;
        // It ends with the body, which all of them have alike.
        while !response[..read].ends_with(b"here you are") {
            let more = stream.read(&mut response[read..]).expect("the service answers");
            assert!(more > 0, "the service hung up");
            read += more;
        }
        count += 1;
    }
    count
}
