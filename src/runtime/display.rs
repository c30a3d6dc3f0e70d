//! What the interface is drawn on: a terminal, or one in memory.

use std::io;

use ratatui::Frame;

/// What the interface is drawn on.
pub trait Display {
    /// Draws one frame.
    ///
    /// # Errors
    /// If there is nothing left to draw on.
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()>;
    /// Its columns and rows.
    ///
    /// # Errors
    /// If the terminal does not tell.
    fn size(&self) -> io::Result<(u16, u16)>;
    /// Hands the terminal back until `fg`, then takes it again.
    ///
    /// # Errors
    /// If it cannot be taken again.
    fn suspend(&mut self) -> io::Result<()>;
    /// Takes the terminal again after somebody else stopped the process.
    ///
    /// # Errors
    /// If it cannot be taken again.
    fn resume(&mut self) -> io::Result<()>;
    /// Hands the terminal back for good.
    fn leave(&mut self);
}

impl Display for crate::terminal::Session {
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.draw(view)
    }
    fn size(&self) -> io::Result<(u16, u16)> {
        self.size()
    }
    fn suspend(&mut self) -> io::Result<()> {
        self.suspend()
    }
    fn resume(&mut self) -> io::Result<()> {
        self.resume()
    }
    fn leave(&mut self) {
        self.leave();
    }
}
