//! What the program can do for somebody, and what has to be decided for it. Screens run an operation as
//! an effect, the command line awaits it; neither key nor option is known here.

pub mod connect;
pub mod draft;
pub mod granted;
pub mod place;
pub mod whereabouts;
