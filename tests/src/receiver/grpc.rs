//! How does a backend take gRPC?

use std::sync::mpsc;

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use tonic::codec::CompressionEncoding;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Identity, Server, ServerTlsConfig};

use super::answer::{self, Answer, Answers};
use super::{Backend, Certificate, Demand, Request, Serve};

pub(super) async fn serve(serve: Serve, backend: Backend) {
    let mut server = Server::builder();
    if let Some(Certificate { pem, key }) = backend.certificate {
        let mut tls = ServerTlsConfig::new().identity(Identity::from_pem(pem, key));
        if let Some(client) = backend.client {
            tls = tls.client_ca_root(tonic::transport::Certificate::from_pem(client.pem));
        }
        server = server.tls_config(tls).expect("a certificate and its key");
    }
    let answers = Answers::new(backend.answers);
    let service = Service { requests: serve.requests, answers, demand: backend.demand };
    let service = TraceServiceServer::new(service)
        .max_decoding_message_size(backend.most)
        .accept_compressed(CompressionEncoding::Gzip)
        .accept_compressed(CompressionEncoding::Zstd);
    server
        .add_service(service)
        .serve_with_incoming(TcpIncoming::from(serve.listener))
        .await
        .expect("a socket");
}

struct Service {
    requests: mpsc::Sender<Request>,
    answers: Answers,
    demand: Demand,
}

#[tonic::async_trait]
impl TraceService for Service {
    async fn export(
        &self,
        request: tonic::Request<ExportTraceServiceRequest>,
    ) -> Result<tonic::Response<ExportTraceServiceResponse>, tonic::Status> {
        let peer = request.remote_addr();
        let (metadata, _, body) = request.into_parts();
        let headers = metadata.into_headers();
        if !self.demand.is_met(&headers) {
            return Err(tonic::Status::unauthenticated("a key is missing"));
        }
        // Nobody looks any more: the test is over.
        let _ = self.requests.send(Request { line: "export".to_owned(), headers, peer, body });
        let response = match self.answers.next() {
            Answer::Taken { rejected, why } => answer::response(rejected, why),
            Answer::Huge(_, mebibytes) => answer::response(0, "x".repeat(mebibytes * 1024 * 1024)),
            Answer::Grpc(status) => return Err(status),
            answer @ (Answer::Http(..) | Answer::Dripping | Answer::Raw(_)) => {
                panic!("not by gRPC: {answer:?}")
            }
        };
        Ok(tonic::Response::new(response))
    }
}
