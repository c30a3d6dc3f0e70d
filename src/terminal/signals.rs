//! Signals, and what is made of them. A thread of its own hears them, with a runtime of its own: they
//! arrive also where everything else is blocked.

use std::io;
use std::sync::mpsc::channel;
use std::thread;

use tokio::runtime::Builder;
use tokio::sync::mpsc::UnboundedSender;

use super::input::Input;
use super::{crash, watchdog};

/// Listens from its return on.
pub(super) fn listen(sender: UnboundedSender<Input>) -> io::Result<()> {
    let (tell, is_listening) = channel();
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            let heard = Builder::new_current_thread()
                .enable_all()
                .build()
                .and_then(|runtime| {
                    let signals = {
                        let _inside = runtime.enter();
                        Signals::catch()?
                    };
                    Ok((runtime, signals))
                });
            let (told, heard) = match heard {
                Ok(heard) => (Ok(()), Some(heard)),
                Err(error) => (Err(error), None),
            };
            // The other end waits for this.
            let _ = tell.send(told);
            if let Some((runtime, signals)) = heard {
                runtime.block_on(signals.pass_on(&sender));
            }
        })?;
    is_listening
        .recv()
        .unwrap_or_else(|gone| Err(io::Error::other(gone)))
}

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

#[cfg(unix)]
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
    stop: Signal,
    continued: Signal,
    read_in_background: Signal,
    window_changed: Signal,
}

#[cfg(unix)]
impl Signals {
    fn catch() -> io::Result<Self> {
        use rustix::process::Signal;

        let other = |kind: Signal| signal(SignalKind::from_raw(kind.as_raw()));
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
            stop: other(Signal::TSTP)?,
            continued: other(Signal::CONT)?,
            read_in_background: other(Signal::TTIN)?,
            window_changed: signal(SignalKind::window_change())?,
        })
    }

    async fn pass_on(mut self, sender: &UnboundedSender<Input>) {
        use rustix::process::{Signal, getpid, kill_process};
        use tokio::time::{Duration, sleep};

        use super::{modes, stop};

        const LOOK_AGAIN: Duration = Duration::from_millis(250);

        let mut in_background = false;
        loop {
            let input = tokio::select! {
                // In this order: of `kill %1` on a stopped job we see everything at once.
                biased;
                _ = self.terminate.recv() => Input::Terminate,
                _ = self.interrupt.recv() => Input::Terminate,
                _ = self.hang_up.recv() => Input::Terminate,
                () = crash::notice() => Input::Terminate,
                _ = self.stop.recv() => {
                    if !stop::is_wanted() {
                        continue;
                    }
                    Input::Suspend
                }
                _ = self.continued.recv() => Input::Resumed,
                // Somebody types into the shell in front, and the thread that reads tried to take
                // it. The signal would have stopped us, which is right, but only if we need not end.
                _ = self.read_in_background.recv() => {
                    if !modes::in_foreground() {
                        let _ = kill_process(getpid(), Signal::STOP);
                    }
                    continue;
                }
                // From `bg` to `fg` a shell sends no signal, so this has to look. The timer runs
                // in the background only.
                () = sleep(LOOK_AGAIN), if in_background => Input::Resumed,
                _ = self.window_changed.recv() => match super::size() {
                    Ok((columns, rows)) => Input::Resize(columns, rows),
                    Err(_) => continue,
                },
                () = sender.closed() => return,
            };
            match input {
                Input::Terminate => watchdog::start(),
                Input::Resumed => {
                    let was_in_background = in_background;
                    in_background = !modes::in_foreground();
                    if in_background && was_in_background {
                        continue;
                    }
                }
                _ => {}
            }
            if sender.send(input).is_err() {
                return;
            }
        }
    }
}

#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    pause: tokio::signal::windows::CtrlBreak,
    close: tokio::signal::windows::CtrlClose,
    log_off: tokio::signal::windows::CtrlLogoff,
    shut_down: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Signals {
    fn catch() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};

        Ok(Self {
            interrupt: ctrl_c()?,
            pause: ctrl_break()?,
            close: ctrl_close()?,
            log_off: ctrl_logoff()?,
            shut_down: ctrl_shutdown()?,
        })
    }

    async fn pass_on(mut self, sender: &UnboundedSender<Input>) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.pause.recv() => {}
            _ = self.close.recv() => {}
            _ = self.log_off.recv() => {}
            _ = self.shut_down.recv() => {}
            () = crash::notice() => {}
            () = sender.closed() => return,
        }
        watchdog::start();
        // Nobody listens any more: then the program is ending already.
        let _ = sender.send(Input::Terminate);
    }
}
