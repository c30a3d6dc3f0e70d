//! What the program can do for somebody, and what has to be decided for it. Screens run an operation as
//! an effect, the command line awaits it; neither key nor option is known here.

pub mod connect;
pub mod draft;
pub mod granted;
pub mod look_at_git;
pub mod place;
pub mod prove_git;
pub mod set_up_git;
pub mod whereabouts;
