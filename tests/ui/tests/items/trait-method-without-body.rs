use otel_runtime::traced;

trait Store {
    #[traced]
    fn load(&self);
}

fn main() {}
