#[traced(root)]
async fn serve() -> ! {
    loop {}
}
