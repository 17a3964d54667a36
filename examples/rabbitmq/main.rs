//! Orders go through RabbitMQ: published, worked on, sent on, in batches. Who wrote an order and who works on
//! it are processes of their own, in one trace or linked.
//!
//! ```text
//! rabbitmq-server &
//! cargo run --example rabbitmq -- work orders --then shipments &
//! cargo run --example rabbitmq -- publish orders 'a lamp' 'a book'
//! ```
//!
//! `AMQP_URL` says where the broker is. A worker ends when its standard input does.

mod headers;

use std::error::Error;
use std::time::Duration;

use futures_util::StreamExt;
use headers::{fields, with_context};
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicGetOptions, BasicNackOptions, BasicPublishOptions,
    ConfirmSelectOptions, ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::uri::AMQPUri;
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, ExchangeKind,
};
use otel_runtime::messaging::{Destination, Message};
use otel_runtime::traced;
use tokio::io::AsyncReadExt;

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

const EXCHANGE: &str = "shop";

/// What this program keeps: a channel, and the name of the broker for the spans.
struct Broker {
    // Closed with the last reference to it.
    _connection: Connection,
    channel: Channel,
    uri: AMQPUri,
}

impl Broker {
    async fn connect() -> Result<Broker> {
        let url = std::env::var("AMQP_URL").unwrap_or_else(|_| "amqp://127.0.0.1:5672".to_owned());
        let uri: AMQPUri = url.parse()?;
        let connection =
            Connection::connect_uri(uri.clone(), ConnectionProperties::default()).await?;
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        let no_arguments = FieldTable::default;
        channel
            .exchange_declare(EXCHANGE.into(), ExchangeKind::Topic, durable, no_arguments())
            .await?;
        for key in ["orders", "shipments"] {
            let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
            channel.queue_declare(queue(key), durable, no_arguments()).await?;
            let bind = QueueBindOptions::default();
            channel
                .queue_bind(queue(key), EXCHANGE.into(), key.into(), bind, no_arguments())
                .await?;
        }
        Ok(Broker { _connection: connection, channel, uri })
    }

    /// What the spans say of an exchange and a routing key, and of the queue that both lead to.
    fn destination(&self, exchange: &str, key: &str) -> Destination {
        let authority = &self.uri.authority;
        Destination::rabbitmq(exchange.to_owned(), key.to_owned())
            .server(authority.host.clone(), authority.port)
    }

    /// Publishes a message, with the trace in its headers and what else is there.
    async fn publish(&self, key: &str, properties: BasicProperties, body: &str) -> Result<()> {
        let message = Message::new().body_size(body.len());
        let send =
            self.destination(EXCHANGE, key).send().operation_name("publish").message(message);
        send.run_async(async {
            let properties = with_context(properties);
            let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
            let channel = &self.channel;
            let confirmed = channel.basic_publish(
                EXCHANGE.into(),
                key.into(),
                options,
                body.as_bytes(),
                properties,
            );
            match confirmed.await?.await? {
                Confirmation::Ack(None) => Ok(()),
                refused => Err(format!("the broker has not taken it: {refused:?}").into()),
            }
        })
        .await
    }

    /// Works on what comes, each message in a span of its own, until the connection is lost.
    async fn work(&self, arguments: &Arguments) -> Result<()> {
        let (name, tag) = (queue(&arguments.subject), ShortString::default());
        let (options, none) = (BasicConsumeOptions::default(), FieldTable::default());
        let mut deliveries = self.channel.basic_consume(name.clone(), tag, options, none).await?;
        println!("working on {}", arguments.subject);
        while let Some(delivery) = deliveries.next().await {
            let delivery = delivery?;
            let mut destination = self
                .destination(delivery.exchange.as_str(), delivery.routing_key.as_str())
                .queue(name.as_str());
            if arguments.continues {
                destination = destination.continue_traces();
            }
            let process =
                destination.process().operation_name("consume").message(describe(&delivery));
            let done = process.run_async(async {
                let done = self.process(&delivery, arguments.then.as_deref()).await;
                let settle = destination.settle().message(describe(&delivery));
                if done.is_ok() {
                    let ack = delivery.ack(BasicAckOptions::default());
                    settle.operation_name("ack").run_async(ack).await?;
                } else {
                    let again = BasicNackOptions { requeue: true, ..BasicNackOptions::default() };
                    settle.operation_name("nack").run_async(delivery.nack(again)).await?;
                }
                done
            });
            let word = if done.await.is_ok() { "processed" } else { "failed" };
            println!("{word} {}", text(&delivery));
        }
        Err("the connection is lost".into())
    }

    /// What a message asks for. The first attempt at `twice ..` fails, so that it is delivered again.
    async fn process(&self, delivery: &Delivery, then: Option<&str>) -> Result<()> {
        let order = text(delivery);
        pack(&order);
        if order.starts_with("twice") && !delivery.redelivered {
            return Err("the shelf is empty".into());
        }
        if let Some(key) = then {
            // Its headers go on: the user's entries as they are, the trace as that of this process.
            self.publish(key, delivery.properties.clone(), &format!("shipment of {order}")).await?;
        }
        Ok(())
    }

    /// Gets what is there, and works on all of it in one span.
    async fn batch(&self, key: &str) -> Result<()> {
        let destination = self.destination(EXCHANGE, key).queue(queue(key).as_str());
        let get = async {
            let mut deliveries = Vec::new();
            while let Some(message) =
                self.channel.basic_get(queue(key), BasicGetOptions::default()).await?
            {
                deliveries.push(message.delivery);
            }
            Ok::<_, lapin::Error>(deliveries)
        };
        let receive = destination.receive().operation_name("get");
        let deliveries =
            receive.run_async(get, |came| came.iter().map(describe).collect::<Vec<_>>());
        let deliveries = deliveries.await?;

        let process = destination.process().batch(deliveries.iter().map(describe));
        process.run(|| deliveries.iter().for_each(|delivery| pack(&text(delivery))));

        if let Some(last) = deliveries.last() {
            let settle =
                destination.settle().operation_name("ack").batch(deliveries.iter().map(describe));
            settle.run_async(last.ack(BasicAckOptions { multiple: true })).await?;
        }
        println!("processed {} together", deliveries.len());
        Ok(())
    }
}

#[traced(attrs(order))]
fn pack(order: &str) {
    let _ = order;
}

/// The queue that messages with this routing key go to.
fn queue(key: &str) -> ShortString {
    format!("{key}-to-do").into()
}

/// What is known of a message.
fn describe(delivery: &Delivery) -> Message<'static> {
    let headers = delivery.properties.headers().as_ref();
    Message::from_headers(&fields(headers))
        .delivery_tag(delivery.delivery_tag)
        .body_size(delivery.data.len())
}

fn text(delivery: &Delivery) -> String {
    String::from_utf8_lossy(&delivery.data).into_owned()
}

/// `publish KEY BODY..`, `work KEY [--continue] [--then KEY]`, `batch KEY`
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
async fn order(broker: &Broker, key: &str, bodies: &[String]) -> Result<()> {
    for body in bodies {
        let mut headers = FieldTable::default();
        headers.insert("priority".into(), AMQPValue::LongInt(7));
        let properties = BasicProperties::default().with_headers(headers);
        let publish = broker.publish(key, properties, body);
        tokio::time::timeout(Duration::from_secs(20), publish).await??;
    }
    Ok(())
}

/// Works until its standard input ends. When the broker goes away, it connects again.
async fn keep_working(arguments: &Arguments) -> Result<()> {
    let mut nothing = [0];
    let work = async {
        loop {
            if let Ok(broker) = Broker::connect().await
                && let Err(error) = broker.work(arguments).await
            {
                eprintln!("connecting again: {error}");
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::select! {
        () = work => {}
        () = async { while tokio::io::stdin().read(&mut nothing).await.is_ok_and(|n| n > 0) {} } => {}
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    let Some(arguments) = Arguments::read(std::env::args().skip(1)) else {
        println!("rabbitmq publish KEY BODY.. | work KEY [--continue] [--then KEY] | batch KEY");
        return Ok(());
    };
    let telemetry = otel_runtime::init()?;
    let done = match &*arguments.command {
        "publish" => order(&Broker::connect().await?, &arguments.subject, &arguments.bodies).await,
        "batch" => Broker::connect().await?.batch(&arguments.subject).await,
        "work" => keep_working(&arguments).await,
        other => Err(format!("no such command: {other}").into()),
    };
    telemetry.shutdown()?;
    done
}
