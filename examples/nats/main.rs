//! Orders go through NATS: published, worked on, sent on, in batches. Who wrote an order and who works on it
//! are processes of their own, in one trace or linked.
//!
//! ```text
//! nats-server -js &
//! cargo run --example nats -- work orders --then shipments &
//! cargo run --example nats -- publish orders 'a lamp' 'a book'
//! ```
//!
//! `NATS_URL` says where the server is. A worker ends when its standard input does.

mod headers;

use std::error::Error;
use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::jetstream::consumer::{PullConsumer, pull};
use async_nats::jetstream::{self, AckKind, stream};
use futures_util::StreamExt;
use headers::{fields, with_context};
use otel_runtime::messaging::{Destination, Message};
use otel_runtime::traced;
use tokio::io::AsyncReadExt;

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// What this program keeps: a connection, and the name of the server for the spans.
struct Broker {
    jetstream: jetstream::Context,
    host: String,
    port: u16,
}

impl Broker {
    async fn connect() -> Result<Broker> {
        let url = std::env::var("NATS_URL").unwrap_or_else(|_| "nats://127.0.0.1:4222".to_owned());
        let server: async_nats::ServerAddr = url.parse()?;
        let client = async_nats::connect(server.clone()).await?;
        let jetstream = jetstream::new(client);
        let shop = stream::Config {
            name: "SHOP".to_owned(),
            subjects: vec!["orders".to_owned(), "shipments".to_owned()],
            ..stream::Config::default()
        };
        jetstream.get_or_create_stream(shop).await?;
        Ok(Broker { jetstream, host: server.host().to_owned(), port: server.port() })
    }

    /// What the spans say of a subject.
    fn subject(&self, subject: &str) -> Destination {
        Destination::nats(subject.to_owned()).server(self.host.clone(), self.port)
    }

    /// Publishes a message, with the trace in its headers and what else is there.
    async fn publish(&self, subject: &str, headers: HeaderMap, body: String) -> Result<()> {
        let message = Message::new().body_size(body.len());
        let send = self.subject(subject).send().operation_name("publish").message(message);
        send.run_async(async {
            let headers = with_context(&headers);
            let stored =
                self.jetstream.publish_with_headers(subject.to_owned(), headers, body.into());
            stored.await?.await?; // the second tells that it is stored
            Ok(())
        })
        .await
    }

    async fn consumer(&self, subject: &str) -> Result<PullConsumer> {
        let config = pull::Config {
            durable_name: Some(format!("{subject}-worker")),
            filter_subject: subject.to_owned(),
            ..pull::Config::default()
        };
        let stream = self.jetstream.get_stream("SHOP").await?;
        Ok(stream.get_or_create_consumer(&format!("{subject}-worker"), config).await?)
    }

    /// Works on what comes, each message in a span of its own.
    async fn work(&self, arguments: &Arguments) -> Result<()> {
        let subject = &*arguments.subject;
        let mut destination = self.subject(subject);
        if arguments.continues {
            destination = destination.continue_traces();
        }
        let mut messages = self.consumer(subject).await?.messages().await?;
        println!("working on {subject}");
        while let Some(message) = messages.next().await {
            // While the server is away there are errors; then the client connects again.
            let Ok(message) = message else { continue };
            let fields = fields(message.headers.as_ref());
            let info = message.info()?;
            let described = Message::from_headers(&fields)
                .id(info.stream_sequence.to_string())
                .body_size(message.payload.len());

            let process = destination.process().message(described.clone());
            let done = process.run_async(async {
                let done = self.process(&message, arguments.then.as_deref()).await;
                let (name, answer) = match done {
                    Ok(()) => ("ack", AckKind::Ack),
                    Err(_) => ("nak", AckKind::Nak(None)),
                };
                let settle = destination.settle().operation_name(name).message(described);
                settle.run_async(message.double_ack_with(answer)).await?;
                done
            });
            let word = if done.await.is_ok() { "processed" } else { "failed" };
            println!("{word} {}", text(&message));
        }
        Ok(())
    }

    /// What a message asks for. The first attempt at `twice ..` fails, so that it is delivered again.
    async fn process(&self, message: &jetstream::Message, then: Option<&str>) -> Result<()> {
        let order = text(message);
        pack(&order);
        if order.starts_with("twice") && message.info()?.delivered == 1 {
            return Err("the shelf is empty".into());
        }
        if let Some(subject) = then {
            // Its headers go on: the user's entries as they are, the trace as that of this process.
            let headers = message.headers.clone().unwrap_or_default();
            self.publish(subject, headers, format!("shipment of {order}")).await?;
        }
        Ok(())
    }

    /// Fetches what is there, at once, and works on all of it in one span.
    async fn batch(&self, subject: &str) -> Result<()> {
        let (destination, consumer) = (self.subject(subject), self.consumer(subject).await?);
        let fetch = async {
            let messages = consumer.fetch().max_messages(1000).messages().await?;
            let messages: Vec<_> = messages.collect().await;
            messages.into_iter().collect::<Result<Vec<_>>>()
        };
        let receive = destination.receive().operation_name("fetch");
        let messages =
            receive.run_async(fetch, |came| came.iter().map(describe).collect::<Vec<_>>());
        let messages = messages.await?;

        let process = destination.process().batch(messages.iter().map(describe));
        process.run(|| messages.iter().for_each(|message| pack(&text(message))));

        let settle =
            destination.settle().operation_name("ack").batch(messages.iter().map(describe));
        let ack = async {
            for message in &messages {
                message.double_ack().await?;
            }
            Ok::<_, async_nats::Error>(())
        };
        settle.run_async(ack).await?;
        println!("processed {} together", messages.len());
        Ok(())
    }
}

#[traced(attrs(order))]
fn pack(order: &str) {
    let _ = order;
}

/// What is known of a message in a batch.
fn describe(message: &jetstream::Message) -> Message<'static> {
    Message::from_headers(&fields(message.headers.as_ref())).body_size(message.payload.len())
}

fn text(message: &jetstream::Message) -> String {
    String::from_utf8_lossy(&message.payload).into_owned()
}

/// `publish SUBJECT BODY..`, `work SUBJECT [--continue] [--then SUBJECT]`, `batch SUBJECT`
struct Arguments {
    command: String,
    subject: String,
    bodies: Vec<String>,
    continues: bool,
    then: Option<String>,
}

impl Arguments {
    fn read(mut given: impl Iterator<Item = String>) -> Option<Arguments> {
        let (command, subject) = (given.next()?, given.next()?);
        let (mut bodies, mut continues, mut then) = (Vec::new(), false, None);
        while let Some(argument) = given.next() {
            match &*argument {
                "--continue" => continues = true,
                "--then" => then = Some(given.next()?),
                _ => bodies.push(argument),
            }
        }
        Some(Arguments { command, subject, bodies, continues, then })
    }
}

#[traced(attrs(orders = bodies.len()))]
async fn order(broker: &Broker, subject: &str, bodies: &[String]) -> Result<()> {
    for body in bodies {
        let mut headers = HeaderMap::new();
        headers.insert("priority", "high");
        let publish = broker.publish(subject, headers, body.clone());
        tokio::time::timeout(Duration::from_secs(20), publish).await??;
    }
    Ok(())
}

async fn run(arguments: &Arguments) -> Result<()> {
    let broker = Broker::connect().await?;
    match &*arguments.command {
        "publish" => order(&broker, &arguments.subject, &arguments.bodies).await,
        "batch" => broker.batch(&arguments.subject).await,
        "work" => {
            let mut nothing = [0];
            tokio::select! {
                done = broker.work(arguments) => done,
                () = async { while tokio::io::stdin().read(&mut nothing).await.is_ok_and(|n| n > 0) {} } => Ok(()),
            }
        }
        other => Err(format!("no such command: {other}").into()),
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let Some(arguments) = Arguments::read(std::env::args().skip(1)) else {
        println!(
            "nats publish SUBJECT BODY.. | work SUBJECT [--continue] [--then SUBJECT] | batch SUBJECT"
        );
        return Ok(());
    };
    let telemetry = otel_runtime::init()?;
    let done = run(&arguments).await;
    telemetry.shutdown()?;
    done
}
