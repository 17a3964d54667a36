use std::rc::Rc;

use otel_runtime::traced;

async fn pause() {}

#[traced]
async fn load() {
    tokio::spawn(async {
        let id = Rc::new(1);
        pause().await;
        drop(id);
    });
}

fn main() {}
