//! Prints screens: `SHOW='<enter>' cargo test explore -- --nocapture`.
use crate::harness::{Harness, Setup};

#[tokio::test]
async fn explore() {
    let Ok(keys) = std::env::var("SHOW") else {
        return;
    };
    let size = std::env::var("SIZE").unwrap_or("80x24".into());
    let (w, h) = size.split_once('x').unwrap();
    let mut program = Harness::start(Setup {
        size: (w.parse().unwrap(), h.parse().unwrap()),
        clipboard: std::env::var("NOCLIP").is_err(),
        ..Setup::default()
    })
    .await;
    for step in keys.split(' ') {
        program.keys(step).await;
        println!(
            "=== {step}  cursor {:?}\n{}",
            program.cursor(),
            program.text()
        );
    }
}
