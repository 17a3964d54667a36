use otel_runtime::traced;

#[traced(err = |e| format!("{user}: {e}"))]
async fn load(user: String) -> Result<u8, String> {
    Err(user)
}

fn main() {
    drop(load(String::new()));
}
