#[traced]
#[track_caller]
fn caller() -> &'static Location<'static> {
    Location::caller()
}
