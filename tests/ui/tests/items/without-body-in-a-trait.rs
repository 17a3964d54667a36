use otel_runtime::traced;

#[traced]
trait Store {
    fn passed_over(&self);

    #[traced(kind = client)]
    fn asked_for(&self);
}

fn main() {}
