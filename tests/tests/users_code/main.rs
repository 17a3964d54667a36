//! Does anything of the program's fail a traced function, whose provider was adopted?

mod table;

use opentelemetry_sdk::trace::SdkTracerProvider;
use table::Panics;

#[test]
fn nothing_of_the_programs_that_panics_fails_the_call() {
    let provider = SdkTracerProvider::builder()
        .with_sampler(Panics)
        .with_id_generator(Panics)
        .with_span_processor(Panics)
        .build();
    otel_runtime::adopt(provider).expect("nothing is installed");

    assert_eq!(table::failed(), Vec::<&str>::new());
}
