//! Whom does it tell of an order?

use std::collections::HashMap;
use std::error::Error;

use async_nats::HeaderMap;
use lapin::options::BasicPublishOptions;
use lapin::types::{AMQPValue, FieldTable};
use lapin::uri::AMQPUri;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use otel_runtime::context::inject;
use otel_runtime::messaging::{Destination, Message};

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// Of whoever works on the orders: see the examples `nats` and `rabbitmq`.
const SUBJECT: &str = "orders";
const EXCHANGE: &str = "shop";

pub(crate) struct Broker {
    orders: Destination,
    client: Client,
}

enum Client {
    Nats(async_nats::Client),
    // The connection is closed with the last reference to it.
    RabbitMq(Channel, #[expect(dead_code, reason = "it is held")] Connection),
}

impl Broker {
    /// The broker at the URL, whose scheme says which one it is.
    pub(crate) async fn connect(url: &str) -> Result<Broker> {
        if url.starts_with("nats:") {
            let server: async_nats::ServerAddr = url.parse()?;
            let orders = Destination::nats(SUBJECT).server(server.host().to_owned(), server.port());
            Ok(Broker { orders, client: Client::Nats(async_nats::connect(server).await?) })
        } else {
            let uri: AMQPUri = url.parse()?;
            let server = uri.authority.clone();
            let orders = Destination::rabbitmq(EXCHANGE, SUBJECT).server(server.host, server.port);
            let connection = Connection::connect_uri(uri, ConnectionProperties::default()).await?;
            let channel = connection.create_channel().await?;
            Ok(Broker { orders, client: Client::RabbitMq(channel, connection) })
        }
    }

    /// Publishes an order, with the current trace in its headers.
    pub(crate) async fn order(&self, item: &str) -> Result<()> {
        let message = Message::new().body_size(item.len());
        let publish = self.orders.send().operation_name("publish").message(message);
        publish.run_async(self.publish(item)).await
    }

    async fn publish(&self, item: &str) -> Result<()> {
        let mut context = HashMap::<String, String>::new();
        inject(&mut context);
        match &self.client {
            Client::Nats(client) => {
                let mut headers = HeaderMap::new();
                for (name, value) in context {
                    headers.insert(name, value);
                }
                let body = item.to_owned().into();
                client.publish_with_headers(SUBJECT, headers, body).await?;
                client.flush().await?;
            }
            Client::RabbitMq(channel, _) => {
                let mut headers = FieldTable::default();
                for (name, value) in context {
                    headers.insert(name.into(), AMQPValue::LongString(value.into()));
                }
                let properties = BasicProperties::default().with_headers(headers);
                let options = BasicPublishOptions::default();
                let (exchange, key) = (EXCHANGE.into(), SUBJECT.into());
                channel.basic_publish(exchange, key, options, item.as_bytes(), properties).await?;
            }
        }
        Ok(())
    }
}
