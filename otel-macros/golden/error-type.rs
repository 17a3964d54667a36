#[traced(error_if = |reply| reply.status >= 500, error_type = |reply| reply.status)]
fn ask() -> Reply {
    Reply::of(request())
}
