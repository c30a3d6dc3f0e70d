//! A clipboard manager as X11 knows them: it is asked by a program that ends to take over what is on the
//! clipboard (ICCCM and freedesktop.org's ClipboardManager), and gives that out from then on.

use std::thread::JoinHandle;

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, PropMode,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_DEPTH_FROM_PARENT, CURRENT_TIME, NONE};

/// Runs until its X server ends.
pub(crate) struct Manager {
    _thread: JoinHandle<()>,
}

impl Manager {
    /// It is there when this returns.
    pub(crate) fn start(display: &str) -> Self {
        let serving = Serving::new(display);
        let thread = std::thread::spawn(move || serving.run());
        Self { _thread: thread }
    }
}

struct Serving {
    connection: RustConnection,
    window: Window,
    clipboard: Atom,
    manager: Atom,
    text: Atom,
    targets: Atom,
    /// What it has taken over.
    held: Vec<u8>,
}

impl Serving {
    fn new(display: &str) -> Self {
        let (connection, screen) = RustConnection::connect(Some(display)).unwrap();
        let root = connection.setup().roots[screen].root;
        let window = connection.generate_id().unwrap();
        connection
            .create_window(
                COPY_DEPTH_FROM_PARENT,
                window,
                root,
                0,
                0,
                1,
                1,
                0,
                WindowClass::INPUT_OUTPUT,
                0,
                &CreateWindowAux::new(),
            )
            .unwrap();
        let atom = |name: &str| {
            let asked = connection.intern_atom(false, name.as_bytes()).unwrap();
            asked.reply().unwrap().atom
        };
        let (clipboard, manager) = (atom("CLIPBOARD"), atom("CLIPBOARD_MANAGER"));
        let (text, targets) = (atom("UTF8_STRING"), atom("TARGETS"));
        connection
            .set_selection_owner(window, manager, CURRENT_TIME)
            .unwrap();
        connection.sync().unwrap();
        Self {
            connection,
            window,
            clipboard,
            manager,
            text,
            targets,
            held: Vec::new(),
        }
    }

    fn run(mut self) {
        // The program that waits for an answer while its text is fetched.
        let mut saving = None;
        while let Ok(event) = self.connection.wait_for_event() {
            match event {
                Event::SelectionRequest(request) if request.selection == self.manager => {
                    self.connection
                        .convert_selection(
                            self.window,
                            self.clipboard,
                            self.text,
                            self.text,
                            CURRENT_TIME,
                        )
                        .unwrap();
                    saving = Some(request);
                }
                Event::SelectionNotify(fetched) if fetched.selection == self.clipboard => {
                    let property = self.connection.get_property(
                        true,
                        self.window,
                        self.text,
                        AtomEnum::ANY,
                        0,
                        1024,
                    );
                    self.held = property.unwrap().reply().unwrap().value;
                    self.connection
                        .set_selection_owner(self.window, self.clipboard, CURRENT_TIME)
                        .unwrap();
                    if let Some(request) = saving.take() {
                        self.answer(&request);
                    }
                }
                Event::SelectionRequest(request) => self.give(&request),
                _ => {}
            }
            self.connection.flush().unwrap();
        }
    }

    /// Gives out what it holds.
    fn give(&self, request: &SelectionRequestEvent) {
        let (window, property) = (request.requestor, request.property);
        if request.target == self.targets {
            let targets = [self.targets, self.text];
            self.connection
                .change_property32(
                    PropMode::REPLACE,
                    window,
                    property,
                    AtomEnum::ATOM,
                    &targets,
                )
                .unwrap();
        } else {
            self.connection
                .change_property8(PropMode::REPLACE, window, property, self.text, &self.held)
                .unwrap();
        }
        self.answer(request);
    }

    fn answer(&self, request: &SelectionRequestEvent) {
        let event = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property: if request.selection == self.manager {
                NONE
            } else {
                request.property
            },
        };
        self.connection
            .send_event(false, request.requestor, EventMask::NO_EVENT, event)
            .unwrap();
    }
}
