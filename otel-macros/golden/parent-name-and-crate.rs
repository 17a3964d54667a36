#[traced(parent = request.context(), name = request.route(), crate = crate::telemetry)]
async fn handle(request: Request) {
    #![allow(unused)]
    request.answer().await
}
