//! The pictures of the README: real frames of the real program, against the simulated Bitbucket.

use crate::check;
use crate::harness::{Harness, Setup};
use crate::svg;

use ratatui::buffer::Buffer;

/// Ports are picked by the system; in a picture stands always this one.
const PORT: &str = "43210";

#[tokio::test]
async fn the_pictures_are_what_the_program_shows() {
    let mut program = Harness::start(Setup {
        demo: true,
        size: (84, 24),
        ..Setup::default()
    })
    .await;
    // Connect, sign in, into the project: as somebody who only presses enter.
    program.keys("<enter><enter><enter>").await;
    for _ in 0..25 {
        if program.text().contains("› billing-api") {
            break;
        }
        program.keys("<down>").await;
    }
    program.shows("› billing-api");
    program.keys("<enter>").await;
    program.shows("Platform (PLAT) › billing-api › Repository settings › Security");
    let alt = "Projects, repositories and the Security section of billing-api, side by side";
    picture(&mut program, "browse", alt);

    program.keys("n").await;
    program.shows("What is it for?");
    let alt = "The form for a new token: git, read and write is recommended, with Repository write";
    picture(&mut program, "new-token", alt);

    program.keys("<enter><enter>").await;
    program.shows("Token ready");
    let alt = "The token is created and on the clipboard, and only dots stand for it";
    picture(&mut program, "token-ready", alt);
    let token = program.clipboard().unwrap();
    program.hides(&token);
}

fn picture(program: &mut Harness, name: &str, alt: &str) {
    let port = program.base_url.rsplit(':').next().unwrap().to_owned();
    let mut buffer = program.buffer();
    mask_port(&mut buffer, &port);
    let path = format!("assets/screenshots/{name}.svg");
    check(&path, &svg::window(&buffer, "bbtoken", alt));
}

/// Writes the same port into every picture. It has five digits on every system that we know.
fn mask_port(buffer: &mut Buffer, port: &str) {
    let area = buffer.area;
    let length = u16::try_from(port.len()).unwrap();
    for row in area.rows() {
        for x in row.x..row.right().saturating_sub(length) {
            let cells = || (x..).map(|x| (x, row.y));
            let stands_here = buffer[(x, row.y)].symbol() == ":"
                && cells()
                    .skip(1)
                    .zip(port.chars())
                    .all(|(cell, digit)| buffer[cell].symbol() == digit.to_string());
            if stands_here {
                for (cell, digit) in cells().skip(1).zip(PORT.chars().take(port.len())) {
                    buffer[cell].set_char(digit);
                }
            }
        }
    }
}
