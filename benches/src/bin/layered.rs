//! What does a layer take? One of them in a process of its own.
//!
//! `layered PROTOCOL LAYERED PORT`, the first two by their indices. Listens, and prints where. For every line it reads it
//! answers requests on its own thread, and prints the spans that it sent and two times in nanoseconds a
//! request: of the calling thread, and of all threads. It serves connections meanwhile.

use std::io;
use std::time::Duration;

use otel_benches::protocol::Protocol;
use otel_benches::{Batches, Export, Transport, clock};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// Requests of a turn: fewer than a queue holds.
const REQUESTS: u32 = 1000;

/// How long what a flush leaves to be done may take.
const AFTER_FLUSH: Duration = Duration::from_millis(1);

fn main() {
    let arguments: Vec<usize> = std::env::args()
        .skip(1)
        .map(|argument| argument.parse().expect("usage: layered PROTOCOL LAYERED PORT"))
        .collect();
    let protocol = Protocol::ALL[arguments[0]];
    let layered = protocol.layered()[arguments[1]];
    let port = u16::try_from(arguments[2]).expect("a port");
    let batches = Batches { queue: 20_000, ..Batches::DEFAULT };
    let installed = layered.install(&Export { transport: Transport::Http, port, batches });
    let router = protocol.router(layered);
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("threads can be started");
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    println!("{}", listener.local_addr().expect("an address").port());
    let served = router.clone();
    runtime.spawn(async move { axum::serve(listener, served).await });
    for _ in io::stdin().lines() {
        let all = clock::of_process();
        let own = clock::of_thread();
        for _ in 0..REQUESTS {
            protocol.answer(&router);
        }
        let own = clock::of_thread().saturating_sub(own);
        installed.flush();
        std::thread::sleep(AFTER_FLUSH);
        let all = clock::of_process().saturating_sub(all);
        let [own, all] = [own, all].map(|time| time.as_secs_f64() * 1e9 / f64::from(REQUESTS));
        println!("{} {own} {all}", REQUESTS * layered.spans());
    }
}
