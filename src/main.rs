//! The program `bbtoken`.

fn main() {}
