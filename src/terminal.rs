//! The terminal: entered, drawn on, suspended, and given back as it was found, whatever happens.
//!
//! ratatui's own `init` restores on panic only. A program that holds passwords and runs for minutes
//! also has to survive Ctrl+Z, `kill`, a closed window and a lost connection, so all of that is here.

mod crash;
mod input;
mod modes;
mod signals;
pub mod signs;
#[cfg(unix)]
mod stop;
pub mod watchdog;
mod writer;

use std::io::{self, IsTerminal};

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::environment::Environment;

pub use crash::crashed;
#[cfg(unix)]
pub use input::Decoder;
pub use input::{Input, inputs};
pub use modes::Pen;
use signs::Signs;

/// The columns and rows of the terminal. One that does not know them, as behind a serial line, says 0:
/// then it has the usual ones.
///
/// # Errors
///
/// If there is no terminal.
fn size() -> io::Result<(u16, u16)> {
    let (columns, rows) = crossterm::terminal::size()?;
    let known = |number, usual| if number == 0 { usual } else { number };
    Ok((known(columns, 80), known(rows, 24)))
}

/// Why nothing can be drawn on a terminal that calls itself dumb, or nothing.
#[must_use]
pub fn draws_nothing(environment: &Environment) -> Option<String> {
    let what = match environment.text("TERM").as_deref() {
        _ if cfg!(windows) => return None,
        Some(name @ ("dumb" | "unknown")) => format!("TERM is \"{name}\""),
        Some(_) => return None,
        None => "TERM is not set".to_owned(),
    };
    Some(format!(
        "this terminal cannot draw the interface: {what}. The plain commands work here: bbtoken create, list, \
         revoke, git-setup, doctor (bbtoken --help lists all). If your terminal can draw it, set TERM to its name, \
         such as xterm-256color."
    ))
}

/// What ratatui draws on.
pub type Screen = Terminal<CrosstermBackend<Pen>>;

/// The terminal in our hands: raw mode, the alternate screen, bracketed paste, reports of focus.
///
/// Dropping it gives the terminal back. There may be one at a time.
#[derive(Debug)]
pub struct FullScreen {
    screen: Screen,
    pen: Pen,
    signs: Signs,
    /// The frame that the terminal has not taken in yet.
    on_its_way: Option<oneshot::Receiver<io::Result<()>>>,
}

impl FullScreen {
    /// Takes the terminal over, and sees to it that a panic gives it back.
    ///
    /// # Errors
    ///
    /// If standard input or output is no terminal, or the terminal refuses.
    pub fn enter() -> io::Result<Self> {
        for (stream, is_terminal) in [
            ("input", io::stdin().is_terminal()),
            ("output", io::stdout().is_terminal()),
        ] {
            if !is_terminal {
                return Err(io::Error::new(
                    io::ErrorKind::Unsupported,
                    format!(
                        "the interface needs a terminal, but the {stream} is a file or a pipe. \
                         Start it in a terminal, without < > or |."
                    ),
                ));
            }
        }
        crash::catch();
        modes::enter()?;
        let pen = Pen::default();
        let backend = CrosstermBackend::new(pen.clone());
        let area = size().map(|(columns, rows)| Rect::new(0, 0, columns, rows));
        // Fixed: the size is asked for here, since ratatui would believe a 0.
        let screen = area.and_then(|area| {
            let viewport = Viewport::Fixed(area);
            Terminal::with_options(backend, TerminalOptions { viewport })
        });
        match screen {
            Ok(screen) => Ok(Self {
                screen,
                pen,
                signs: Signs::of(&Environment::of_process()),
                on_its_way: None,
            }),
            Err(error) => {
                modes::leave();
                Err(error)
            }
        }
    }

    /// Draws one frame within a synchronized update, so that no half of it is ever seen. It is written
    /// by a thread: [`FullScreen::taken`] tells when. Until then nothing more may be drawn, since the next
    /// frame is the difference to this one.
    ///
    /// While the terminal is not ours (after [`FullScreen::leave`], or in the background) nothing is
    /// written.
    ///
    /// # Errors
    ///
    /// If the terminal does not tell its size, which usually means that it is gone.
    pub fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let (columns, rows) = size()?;
        let area = Rect::new(0, 0, columns, rows);
        queue!(self.screen.backend_mut(), BeginSynchronizedUpdate)?;
        if self.screen.get_frame().area() != area {
            self.screen.resize(area)?;
        }
        self.screen.draw(view)?;
        queue!(self.screen.backend_mut(), EndSynchronizedUpdate)?;
        let frame = self.pen.take();
        if modes::are_ours() {
            let frame = self.signs.frame(Zeroizing::new(frame));
            self.on_its_way = Some(writer::send(frame));
        }
        Ok(())
    }

    /// Whether the terminal has taken in everything that was drawn.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.on_its_way.is_none()
    }

    /// Waits until the terminal has taken in the frame that was drawn last; for ever where it has.
    ///
    /// # Errors
    ///
    /// If it cannot be written to, which usually means that it is gone.
    pub async fn taken(&mut self) -> io::Result<()> {
        let Some(frame) = &mut self.on_its_way else {
            return std::future::pending().await;
        };
        let taken = frame.await;
        self.on_its_way = None;
        taken.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))
    }

    /// Writes a request to the terminal that draws nothing, after the frame that is on its way. Comes
    /// back when the terminal has taken it in.
    pub fn ask(&self, request: &str) -> impl Future<Output = io::Result<()>> + Send + use<> {
        let taken = writer::send(Zeroizing::new(request.as_bytes().to_vec()));
        async {
            taken
                .await
                .unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))
        }
    }

    /// Forgets what is on the screen: the next frame is drawn in full.
    ///
    /// # Errors
    ///
    /// If the terminal cannot be written to or has no size.
    pub fn forget(&mut self) -> io::Result<()> {
        // Not `Terminal::clear`: it asks the terminal where the cursor is, and the answer would go
        // to the thread that reads the keys; it would wait two seconds and fail.
        let (columns, rows) = size()?;
        self.screen.resize(Rect::new(0, 0, columns, rows))
    }

    /// Its columns and rows.
    ///
    /// # Errors
    ///
    /// If the terminal does not tell.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        size()
    }

    /// Ctrl+Z: gives the terminal back, stops the process (and the scripts around it, as the
    /// terminal itself would), and takes the terminal over again after `fg`. The next frame is then
    /// drawn in full. Where nobody could ever continue it (no shell above) the process goes on at once.
    /// Does nothing on Windows, which has no such thing.
    ///
    /// # Errors
    ///
    /// If the process may not be stopped, or the terminal refuses to be taken over again.
    pub fn suspend(&mut self) -> io::Result<()> {
        #[cfg(unix)]
        {
            modes::leave();
            stop::stop()?;
            self.resume()?;
        }
        Ok(())
    }

    /// Takes the terminal over again after [`Input::Resumed`]; also right if nothing had changed.
    ///
    /// In the background (`bg`, or `kill` on a stopped job) the terminal stays with the shell until
    /// the next `fg`: touching it there would stop the process again, and it could never end.
    ///
    /// # Errors
    ///
    /// If the terminal refuses.
    pub fn resume(&mut self) -> io::Result<()> {
        if !modes::in_foreground() {
            modes::abandon();
            return Ok(());
        }
        modes::leave();
        modes::enter()?;
        self.forget()
    }

    /// Gives the terminal back as it was found. Calling it again does nothing.
    pub fn leave(&mut self) {
        modes::leave();
    }
}

impl Drop for FullScreen {
    fn drop(&mut self) {
        self.leave();
    }
}
