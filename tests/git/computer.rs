//! A simulated Bitbucket and a computer on which nobody has set anything up.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use bbtoken::address::ClientCertificate;
use bbtoken::bitbucket::{BaseUrl, Client, Scope, Settings, TokenSpec};
use bbtoken::permission::{Level, Permissions, ScopeKind};
use bbtoken::secret::Secret;
use bbtoken::simulator::{Options, Simulator};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use crate::authority::Authority;

/// A name that nobody quotes right by accident.
const ODD: &str = "it's \"odd\" $HOME é";

pub(crate) struct Computer {
    pub(crate) simulator: Simulator,
    root: TempDir,
    /// Variables on top of the bare ones.
    pub(crate) extra: Vec<(String, String)>,
    /// bbtoken, in a place with an odd name.
    program: PathBuf,
}

impl Computer {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let simulator = Simulator::start(options).await.unwrap();
        let root = TempDir::new().unwrap();
        let odd = root.path().join(ODD);
        std::fs::create_dir_all(odd.join("home")).unwrap();
        let program = odd.join("bbtoken");
        std::fs::hard_link(env!("CARGO_BIN_EXE_bbtoken"), &program)
            .or_else(|_| std::fs::copy(env!("CARGO_BIN_EXE_bbtoken"), &program).map(|_| ()))
            .unwrap();
        let computer = Self {
            simulator,
            root,
            extra: Vec::new(),
            program,
        };
        computer.spy();
        computer
    }

    /// The same, where the server has a certificate of a company's authority; and that one's file.
    pub(crate) async fn of_company() -> (Self, String) {
        let authority = Authority::new();
        let computer = Self::with(Options {
            tls: Some(authority.issue(&["localhost", "127.0.0.1"])),
            ..Options::default()
        })
        .await;
        let file = authority.file(&computer.home()).display().to_string();
        (computer, file)
    }

    /// Every git that runs writes down its arguments and its environment first. It calls itself an
    /// older one where `OLDER_GIT` says which, and kills whoever started it at what `KILLED_AT` names.
    fn spy(&self) {
        let real = find("git");
        let directory = self.root.path().join("bin");
        std::fs::create_dir(&directory).unwrap();
        let script = format!(
            "#!/bin/sh\n{{ echo \"$0\" \"$@\"; env; }} >> '{}'\n\
             [ \"$1\" = --version ] && [ \"$OLDER_GIT\" ] && \
             {{ echo \"git version $OLDER_GIT\"; exit; }}\n\
             [ \"$KILLED_AT\" ] && case \"$*\" in *\"$KILLED_AT\"*) kill -9 $PPID; exit 1;; esac\nexec '{}' \"$@\"\n",
            self.seen().display(),
            real.display()
        );
        let file = directory.join("git");
        std::fs::write(&file, script).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).unwrap();
    }

    fn seen(&self) -> PathBuf {
        self.root.path().join("seen")
    }

    /// The arguments and environments of all gits that ran.
    pub(crate) fn seen_by_everybody(&self) -> String {
        std::fs::read_to_string(self.seen()).unwrap()
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.root.path().join(ODD).join("home")
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.home().join(name)
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.base_url())
    }

    async fn run(&self, program: &Path, arguments: &[&str], input: &str) -> Output {
        self.run_in(".", program, arguments, input).await
    }

    async fn run_in(
        &self,
        directory: &str,
        program: &Path,
        arguments: &[&str],
        input: &str,
    ) -> Output {
        let mut child = self.start_in(directory, program, arguments);
        types(&mut child, input).await;
        child.wait_with_output().await.unwrap()
    }

    /// bbtoken in a directory below the home.
    pub(crate) async fn bbtoken_in(
        &self,
        directory: &str,
        arguments: &[&str],
        input: &str,
    ) -> Output {
        self.run_in(directory, &self.program, arguments, input)
            .await
    }

    /// The same, which is waited for later.
    pub(crate) fn starts_bbtoken_in(&self, directory: &str, arguments: &[&str]) -> Child {
        self.start_in(directory, &self.program, arguments)
    }

    fn start_in(&self, directory: &str, program: &Path, arguments: &[&str]) -> Child {
        let path = std::env::var("PATH").unwrap();
        Command::new(program)
            .args(arguments)
            .current_dir(self.home().join(directory))
            .env_clear()
            .env(
                "PATH",
                format!("{}:{path}", self.root.path().join("bin").display()),
            )
            .env("HOME", self.home())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_AUTHOR_NAME", "Test")
            .env("GIT_AUTHOR_EMAIL", "test@example.com")
            .env("GIT_COMMITTER_NAME", "Test")
            .env("GIT_COMMITTER_EMAIL", "test@example.com")
            .env("LC_ALL", "C.UTF-8")
            .envs(self.extra.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    pub(crate) async fn bbtoken(&self, arguments: &[&str], input: &str) -> Output {
        self.run(&self.program, arguments, input).await
    }

    /// bbtoken, where it is.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// bbtoken is started from there, and its directory comes first in the path.
    pub(crate) fn start_from(&mut self, program: &Path) {
        let path = std::env::var("PATH").unwrap();
        let own = self.root.path().join("bin").display().to_string();
        let directory = program.parent().unwrap().display();
        let path = format!("{directory}:{own}:{path}");
        self.extra.push(("PATH".to_owned(), path));
        self.program = program.to_owned();
    }

    /// git keeps passwords with its own helper `store`.
    pub(crate) async fn has_git_store(&self) {
        self.works(&["config", "--global", "credential.helper", "store"])
            .await;
    }

    /// git's helper keeps a password of alice for the server of this address, which is not hers.
    pub(crate) async fn keeps_wrong_password(&self, address: &str) {
        let host = address.split('/').nth(2).unwrap();
        let kept = format!("protocol=http\nhost={host}\nusername=alice\npassword=wrong\n\n");
        self.git_with(&["credential", "approve"], &kept).await;
    }

    /// The home is a clone whose remote has this address.
    pub(crate) async fn is_clone_of(&self, address: &str) {
        self.works(&["init", "--quiet"]).await;
        self.works(&["remote", "add", "origin", address]).await;
    }

    /// What bbtoken prints while it succeeds.
    pub(crate) async fn sets_up(&self, arguments: &[&str], token: &Secret) -> String {
        let arguments = [&["git-setup", "--yes"], arguments].concat();
        let output = self.bbtoken(&arguments, token.expose()).await;
        let printed = text(&output);
        assert!(output.status.success(), "{arguments:?}: {printed}");
        assert!(!printed.contains(token.expose()), "{printed}");
        printed
    }

    pub(crate) async fn undoes(&self, arguments: &[&str]) {
        let arguments = [&["git-setup", "--undo"], arguments].concat();
        let output = self.bbtoken(&arguments, "").await;
        assert!(output.status.success(), "{arguments:?}: {}", text(&output));
    }

    pub(crate) async fn git(&self, arguments: &[&str]) -> Output {
        self.git_with(arguments, "").await
    }

    pub(crate) async fn git_with(&self, arguments: &[&str], input: &str) -> Output {
        self.run(&self.root.path().join("bin/git"), arguments, input)
            .await
    }

    pub(crate) async fn works(&self, arguments: &[&str]) {
        let output = self.git(arguments).await;
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            text(&output)
        );
    }

    /// What git says while it fails.
    pub(crate) async fn fails(&self, arguments: &[&str]) -> String {
        let output = self.git(arguments).await;
        assert!(
            !output.status.success(),
            "git {arguments:?}: {}",
            text(&output)
        );
        text(&output)
    }

    /// Clones, and if that is wanted pushes a commit.
    pub(crate) async fn clones(&self, address: &str, directory: &str, pushes: bool) {
        self.works(&["clone", "--quiet", address, directory]).await;
        if pushes {
            self.commits(directory).await;
            self.works(&["-C", directory, "push", "--quiet", "origin", "HEAD"])
                .await;
        }
    }

    pub(crate) async fn commits(&self, directory: &str) {
        self.works(&[
            "-C",
            directory,
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            "x",
        ])
        .await;
    }

    /// A token of alice's, read and write.
    pub(crate) async fn token(&self, scope: &Scope) -> Secret {
        self.token_with(scope, Level::Write).await.0
    }

    pub(crate) async fn token_with(&self, scope: &Scope, level: Level) -> (Secret, String) {
        let project = (scope.kind() != ScopeKind::Repository).then_some(Level::Read);
        let client = self.alice().await;
        created(&client, scope, Permissions::new(project, level)).await
    }

    /// The same, for so many days.
    pub(crate) async fn expiring_token(&self, scope: &Scope, days: u32) -> Secret {
        let spec = TokenSpec {
            name: "git".to_owned(),
            permissions: Permissions::new(None, Level::Write),
            expiry_days: Some(days),
        };
        let client = self.alice().await;
        client.create_token(scope, &spec).await.unwrap().secret
    }

    /// The same where the certificate of the server is of this authority.
    pub(crate) async fn token_trusting(&self, authority: &str, scope: &Scope) -> Secret {
        self.token_showing(None, authority, scope).await
    }

    /// The same, where this certificate is shown to it.
    pub(crate) async fn token_showing(
        &self,
        client_certificate: Option<ClientCertificate>,
        authority: &str,
        scope: &Scope,
    ) -> Secret {
        let base = BaseUrl::parse(&self.simulator.base_url()).unwrap();
        let settings = Settings {
            ca_file: Some(authority.into()),
            client_certificate,
            ..Settings::default()
        };
        let client = Client::open(base, &settings).unwrap();
        let client = signed_in(client, "alice").await;
        created(&client, scope, Permissions::new(None, Level::Write))
            .await
            .0
    }

    pub(crate) async fn alice(&self) -> Client {
        self.signed_in("alice").await
    }

    pub(crate) async fn signed_in(&self, name: &str) -> Client {
        let base = BaseUrl::parse(&self.simulator.base_url()).unwrap();
        signed_in(Client::anonymous(base).unwrap(), name).await
    }

    /// With a git that is too old for this way: it is not offered.
    pub(crate) async fn refuses_bearer(&self, address: &str, token: &Secret) {
        let arguments = ["git-setup", "--yes", "--way", "bearer", address];
        let output = self.bbtoken(&arguments, token.expose()).await;
        assert!(!output.status.success());
        let said = text(&output);
        assert!(
            said.contains("The way bearer does not work here. What works: header."),
            "{said}"
        );
    }
}

async fn signed_in(client: Client, name: &str) -> Client {
    let password = Secret::new(name.to_owned());
    let signed_in = client.sign_in(name, &password).await.unwrap();
    signed_in.done().unwrap().client
}

async fn created(client: &Client, scope: &Scope, permissions: Permissions) -> (Secret, String) {
    let spec = TokenSpec {
        name: "git".to_owned(),
        permissions,
        expiry_days: None,
    };
    let created = client.create_token(scope, &spec).await.unwrap();
    (created.secret, created.token.id)
}

impl Drop for Computer {
    fn drop(&mut self) {
        // The daemon of git's helper "cache" would outlive its home.
        let _ = std::process::Command::new("git")
            .args(["credential-cache", "exit"])
            .env("HOME", self.home())
            .stderr(Stdio::null())
            .status();
    }
}

/// Gives a program this standard input, and no more.
pub(crate) async fn types(child: &mut Child, input: &str) {
    let mut stdin = child.stdin.take().unwrap();
    // Whoever reads nothing has gone already.
    let _ = stdin.write_all(input.as_bytes()).await;
}

/// Everything that a program printed.
pub(crate) fn text(output: &Output) -> String {
    let printed = [&*output.stdout, &*output.stderr].concat();
    String::from_utf8(printed).unwrap()
}

pub(crate) fn find(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path)
        .map(|directory| directory.join(program))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{program} is not installed: .ci/run installs it"))
}

pub(crate) fn personal() -> Scope {
    Scope::Personal {
        user: "alice".to_owned(),
    }
}

pub(crate) fn project() -> Scope {
    Scope::Project {
        key: "PLAT".to_owned(),
    }
}

pub(crate) fn repository(slug: &str) -> Scope {
    Scope::Repository {
        project: "PLAT".to_owned(),
        slug: slug.to_owned(),
    }
}
