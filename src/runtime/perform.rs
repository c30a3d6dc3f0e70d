//! What the model asks for becomes a task, and what comes of a task an event.

use tokio::task::JoinError;

use super::{Display, Runtime};
use crate::bitbucket::Settings;
use crate::clipboard::{self, Copied, CopyError, Copying};
use crate::environment::Environment;
use crate::operation;
use crate::operation::create::create;
use crate::operation::revoke::revoke;
use crate::operation::rotate;
use crate::ui::effect::{Change, Creation, Effect, Job, Revocation, Text};
use crate::ui::event::Event;
use crate::ui::query::Surroundings;
use crate::ui::reply::Value;
use crate::ui::ticket::Ticket;

/// What a finished task leads to.
pub(super) enum Finished {
    Event(Event),
    /// The terminal's clipboard is to be asked, between two frames.
    ForTerminal(Ticket, Text),
    /// Nobody waited for it.
    Nothing,
}

impl<D: Display> Runtime<D> {
    /// Begins what an effect asks for.
    pub(super) fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Ask(ticket, query) => {
                let surroundings = Surroundings {
                    environment: self.environment.clone(),
                    settings: Settings {
                        observer: Some(self.observer.clone()),
                        unfinished: self.unfinished.clone(),
                        ..Settings::default()
                    },
                };
                let task = async move {
                    let answer = query.answer(surroundings).await;
                    Finished::Event(Event::Reply(ticket, answer))
                };
                self.queries.insert(ticket, self.tasks.spawn(task));
            }
            Effect::Cancel(ticket) => {
                if let Some(task) = self.queries.remove(&ticket) {
                    task.abort();
                }
            }
            Effect::Create(ticket, desk, creation) => {
                self.changes.spawn(async move {
                    let Creation { asked, spec, .. } = *creation;
                    let created = create(&desk, asked, &spec).await;
                    Finished::Event(Event::Created(ticket, created))
                });
            }
            Effect::Revoke(ticket, desk, revocation) => {
                self.changes.spawn(async move {
                    let Revocation { scope, id, closing } = revocation;
                    let revoked = revoke(&desk, &scope, &id, closing).await;
                    Finished::Event(Event::Revoked(ticket, revoked))
                });
            }
            Effect::EndRotation(ticket, desk, rotation, end) => {
                self.changes.spawn(async move {
                    let revoked = rotate::end(&desk, &rotation, end).await;
                    Finished::Event(Event::Revoked(ticket, revoked))
                });
            }
            Effect::Change(ticket, desk, change) => {
                self.changes.spawn(async move {
                    let Change { scope, id, wanted } = change;
                    let changed = operation::change::change(&desk, &scope, &id, &wanted).await;
                    Finished::Event(Event::Changed(ticket, changed))
                });
            }
            Effect::SignOut(client) => {
                self.changes.spawn(async move {
                    client.sign_out().await;
                    Finished::Nothing
                });
            }
            Effect::Copy(ticket, text) => {
                let clipboard = self.clipboard.clone();
                self.tasks.spawn(async move {
                    let is_secret = matches!(text, Text::Secret(_));
                    match clipboard.copy(text.expose(), is_secret).await {
                        Copying::Done(result) => done(ticket, Value::of(result)),
                        Copying::ForTerminal => Finished::ForTerminal(ticket, text),
                    }
                });
            }
            Effect::Clear(ticket, secret, copied) => {
                let clipboard = self.clipboard.clone();
                self.changes.spawn(async move {
                    let cleared = clipboard.clear(&secret, copied).await;
                    done(ticket, Value::of(cleared))
                });
            }
            Effect::Open(ticket, address) => {
                let environment = self.environment.clone();
                let browser = self.browser.clone();
                let open = Job::reading(async move |environment: Environment| {
                    browser.open(&environment, &address).await
                });
                // The desktop may take its time: a thread of its own.
                self.tasks
                    .spawn_blocking(move || done(ticket, carry_out(environment, open)));
            }
            Effect::Job(ticket, job) => {
                let environment = self.environment.clone();
                let tasks = if job.writes() {
                    &mut self.changes
                } else {
                    &mut self.tasks
                };
                // Files may lie on a disk far away: no other task waits for one.
                tasks.spawn_blocking(move || done(ticket, carry_out(environment, job)));
            }
            Effect::Suspend => {
                // If the terminal is gone for good, drawing will say so.
                let _ = self.display.suspend();
                self.handle(Event::Continued);
            }
            Effect::Quit => self.has_quit = true,
        }
    }

    /// Takes in what has come of a task.
    pub(super) fn finish(&mut self, finished: Result<Finished, JoinError>) {
        match finished {
            Ok(Finished::Event(event)) => self.handle(event),
            Ok(Finished::ForTerminal(ticket, text)) => {
                let request = clipboard::request_to_terminal(text.expose());
                let taken = self.display.ask(&request);
                self.tasks.spawn(async move {
                    let sent = taken.await.map(|()| Copied::SentToTerminal);
                    done(ticket, Value::of(sent.map_err(CopyError::Terminal)))
                });
            }
            Ok(Finished::Nothing) => {}
            // A question that was dropped.
            Err(error) if error.is_cancelled() => {}
            // A bug: the panic hook has restored the terminal and said so already.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

fn done(ticket: Ticket, done: Value) -> Finished {
    Finished::Event(Event::Done(ticket, done))
}

/// Does a job on this computer. It has this thread to itself.
fn carry_out(environment: Environment, job: Job) -> Value {
    let work = job.done(environment);
    // A small runtime of its own: git is watched to its end also while the program's is ending.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(work),
        Err(_) => tokio::runtime::Handle::current().block_on(work),
    }
}
