#[traced(kind = server, parent(extract = request.headers, trust = self.trust), attrs(path = request.path()))]
fn handle(&self, request: Request) {
    self.answer(request);
}
