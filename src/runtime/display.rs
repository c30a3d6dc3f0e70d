//! What the interface is drawn on: a terminal, or one in memory.

use std::io;

use ratatui::Frame;

/// What the interface is drawn on.
pub trait Display {
    /// Draws one frame. Only where the last one has been taken in.
    ///
    /// # Errors
    /// If there is nothing left to draw on.
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()>;
    /// Whether the last frame has been taken in. A terminal that does not read takes in none, and gets
    /// none.
    fn is_ready(&self) -> bool;
    /// Waits until it has been; for ever where it has.
    ///
    /// # Errors
    /// If there is nothing left to draw on.
    fn taken(&mut self) -> impl Future<Output = io::Result<()>> + Send;
    /// Passes on a request that draws nothing; comes back when it has been taken in.
    fn ask(
        &self,
        request: &str,
    ) -> impl Future<Output = io::Result<()>> + Send + use<Self> + 'static;
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

impl Display for crate::terminal::FullScreen {
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.draw(view)
    }
    fn is_ready(&self) -> bool {
        self.is_ready()
    }
    fn taken(&mut self) -> impl Future<Output = io::Result<()>> + Send {
        self.taken()
    }
    fn ask(&self, request: &str) -> impl Future<Output = io::Result<()>> + Send + use<> + 'static {
        self.ask(request)
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
