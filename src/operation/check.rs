//! Whose is this token? For one that somebody has found: in a script, in a ticket, on a machine.
//!
//! A token does not say what it is called or what it may do: that stands in the list of its place, and only
//! who may see that list can read it there, by the id that most tokens carry in them. So the lists are read
//! that the person may see who checks, and those that the token opens itself. They are read before the
//! token is used, as far as its place is known by then: the server notes each use.
//!
//! The token goes below `/rest` and `/scm` alone, and once it is refused nowhere any more: elsewhere, and
//! again and again, it could bring on a captcha.

use jiff::{SignedDuration, Timestamp};

use super::place::{self, Place};
use crate::bitbucket::{
    Client, Destination, Error, ErrorKind, Repository, SignInWay, Token, TokenOwner, Trial, User,
    When,
};
use crate::git::SetUp;
use crate::secret::Secret;

/// Between the clock of a server and ours.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(2);
/// In the lists of so many places that the token reaches it is looked for.
const MOST_PLACES: usize = 12;

/// Who asks, and what is at hand.
#[derive(Debug, Default)]
pub struct Asked {
    /// Who is signed in, if anybody is.
    pub person: Option<User>,
    /// The place where it was found, or to which it may belong: its list is read, and there it is tried.
    pub place: Option<Place>,
    /// The same where nobody has looked for that place yet.
    pub destination: Option<Destination>,
}

/// What is known of a token.
#[derive(Debug)]
pub struct Checked {
    /// Its id, where that can be read in it.
    pub id: Option<String>,
    /// Whom it acts as; nobody: the server refuses it.
    pub owner: Option<Owner>,
    /// The list in which it stands.
    pub listed: Listed,
    /// What it can do.
    pub trial: Tried,
}

/// Whom a token acts as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A person: it is a personal token.
    Person(User),
    /// An account of its own, which is so called: it is the token of a project or repository.
    Technical(String),
}

/// In which list a token stands.
#[derive(Debug)]
pub enum Listed {
    /// In that of this place.
    In {
        /// Which.
        place: Box<Place>,
        /// What the list says of it.
        token: Box<Token>,
        /// When it was last used.
        last_used: When,
        /// That was most likely the check itself: what was before it, nobody tells any more.
        used_by_check: bool,
        /// Whoever is signed in sees it there, and not only the token itself.
        is_seen: bool,
    },
    /// In none of those that could be read.
    Nowhere {
        /// The places whose lists were read.
        read: Vec<String>,
        /// Those whose lists could not be read.
        closed: Vec<String>,
    },
    /// Its id cannot be read in it, so no list tells.
    NoId,
}

/// What came of trying it.
#[derive(Debug)]
pub enum Tried {
    /// It was not tried: the server refuses it.
    Refused,
    /// It reaches no repository to try it on.
    Nowhere,
    /// It does not reach this place.
    OutOfReach(String),
    /// It can do this.
    On(Box<Trial>),
    /// It could not be tried.
    Failed(Error),
}

/// Finds out what can be known of a token. `client` is that of whoever is signed in, or of nobody.
///
/// # Errors
/// What is in the way of asking the server at all. A refused token is no error.
pub async fn check(
    client: &Client,
    asked: Asked,
    token: &Secret,
    now: Timestamp,
) -> Result<Checked, Error> {
    let id = token.token_id();
    let mut search = Search::new(id.as_deref());
    let mut place = asked.place;
    if let Some(person) = &asked.person {
        if let (None, Some(to)) = (&place, &asked.destination) {
            place = place::find(client, person, to).await.ok();
        }
        let own = vec![Place::Account(person.clone())];
        search.look(client, true, &own).await;
        let there = with_project(place.as_ref());
        search.look(client, true, &there).await;
    }
    let signed_in = match client.apart().await?.sign_in_with_token(token).await {
        Ok(signed_in) => signed_in,
        Err(error) => match error.kind {
            ErrorKind::WrongPassword | ErrorKind::NotSignedIn => {
                return Ok(Checked {
                    listed: search.end(),
                    id,
                    owner: None,
                    trial: Tried::Refused,
                });
            }
            _ => return Err(error),
        },
    };
    search.used_since = Some(now.saturating_sub(CLOCKS_DIFFER).unwrap_or(now));
    let owner = match signed_in.way {
        SignInWay::Token(TokenOwner::Technical) => Owner::Technical(signed_in.user.name.clone()),
        _ => Owner::Person(signed_in.user.clone()),
    };
    let bearer = &signed_in.client;
    let reached = bearer.repositories_reached().await;
    if search.goes_on() {
        let places = match &owner {
            Owner::Person(user) => vec![Place::Account(user.clone())],
            Owner::Technical(_) => places_of(reached.as_deref().unwrap_or_default()),
        };
        if asked.person.is_some() {
            search.look(client, true, &places).await;
        }
        search.look(bearer, false, &places).await;
    }
    if let (None, Some(to)) = (&place, &asked.destination) {
        place = match place::find(bearer, &signed_in.user, to).await {
            Ok(place) => Some(place),
            Err(error) if is_out_of_reach(&error) => {
                bearer.sign_out().await;
                return Ok(Checked {
                    listed: search.end(),
                    id,
                    owner: Some(owner),
                    trial: Tried::OutOfReach(to.name()),
                });
            }
            Err(_) => None,
        };
    }
    let there = with_project(place.as_ref());
    search.look(bearer, false, &there).await;
    let user = match &owner {
        Owner::Person(user) => Some(user.name.as_str()),
        Owner::Technical(_) => None,
    };
    let trial = match (place, reached) {
        (Some(Place::Repository(repository)), _) => tried(bearer, token, user, &repository).await,
        (Some(place @ Place::Project(_)), _) => {
            match bearer.repository_to_try(&place.scope()).await {
                Ok(Some(repository)) => tried(bearer, token, user, &repository).await,
                Ok(None) => Tried::OutOfReach(place.name()),
                Err(error) if is_out_of_reach(&error) => Tried::OutOfReach(place.name()),
                Err(error) => Tried::Failed(error),
            }
        }
        (_, Ok(reached)) => match reached.first() {
            Some(repository) => tried(bearer, token, user, repository).await,
            None => Tried::Nowhere,
        },
        (_, Err(error)) => Tried::Failed(error),
    };
    bearer.sign_out().await;
    Ok(Checked {
        listed: search.end(),
        id,
        owner: Some(owner),
        trial,
    })
}

/// The one among these setups of git that uses it.
#[must_use]
pub fn used_by_git<'a>(checked: &Checked, set_ups: &'a [SetUp]) -> Option<&'a SetUp> {
    let id = checked.id.as_ref()?;
    let mut set_ups = set_ups.iter();
    set_ups.find(|it| it.token.id.as_ref() == Some(id))
}

async fn tried(
    client: &Client,
    token: &Secret,
    user: Option<&str>,
    repository: &Repository,
) -> Tried {
    match client.try_token(token, user, repository).await {
        Ok(trial) => Tried::On(Box::new(trial)),
        Err(error) => Tried::Failed(error),
    }
}

fn is_out_of_reach(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::NotFound | ErrorKind::NotPermitted)
}

/// A repository, and its project: the token of either may reach it.
fn with_project(place: Option<&Place>) -> Vec<Place> {
    match place {
        Some(Place::Repository(repository)) => vec![
            Place::Repository(repository.clone()),
            Place::Project(repository.project.clone()),
        ],
        place => place.cloned().into_iter().collect(),
    }
}

/// The places to which a token can belong that reaches these.
fn places_of(repositories: &[Repository]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let own = repositories.iter().filter(|it| !it.public).cloned();
    for place in own.flat_map(|it| with_project(Some(&Place::Repository(it)))) {
        if !places.iter().any(|known| known.scope() == place.scope()) {
            places.push(place);
        }
    }
    places.truncate(MOST_PLACES);
    places
}

/// Looks into lists for the token of an id.
struct Search<'a> {
    id: Option<&'a str>,
    found: Option<Listed>,
    /// When the check has begun to use the token itself.
    used_since: Option<Timestamp>,
    read: Vec<Place>,
    closed: Vec<Place>,
}

impl<'a> Search<'a> {
    fn new(id: Option<&'a str>) -> Self {
        Self {
            id,
            found: None,
            used_since: None,
            read: Vec::new(),
            closed: Vec::new(),
        }
    }

    fn goes_on(&self) -> bool {
        self.id.is_some() && self.found.is_none()
    }

    /// Looks in the lists of these places, as far as this client may see them.
    async fn look(&mut self, client: &Client, is_person: bool, places: &[Place]) {
        let Some(id) = self.id else { return };
        for place in places {
            let is_read = |known: &Place| known.scope() == place.scope();
            if self.found.is_some() || self.read.iter().any(is_read) {
                continue;
            }
            match client.token(&place.scope(), id).await {
                Ok(token) => {
                    let last_used = last_use(client, place, &token).await;
                    let used = last_used.at();
                    let since = self.used_since;
                    let is_ours = |(used, since)| used >= since;
                    self.found = Some(Listed::In {
                        used_by_check: used.zip(since).is_some_and(is_ours),
                        place: Box::new(place.clone()),
                        token: Box::new(token),
                        last_used,
                        is_seen: is_person,
                    });
                }
                Err(error) if error.kind == ErrorKind::NoSuchToken => {
                    self.closed.retain(|known| !is_read(known));
                    self.read.push(place.clone());
                }
                Err(_) if self.closed.iter().any(is_read) => {}
                Err(_) => self.closed.push(place.clone()),
            }
        }
    }

    fn end(self) -> Listed {
        let names = |places: &[Place]| places.iter().map(Place::name).collect();
        match (self.id, self.found) {
            (None, _) => Listed::NoId,
            (Some(_), Some(found)) => found,
            (Some(_), None) => Listed::Nowhere {
                read: names(&self.read),
                closed: names(&self.closed),
            },
        }
    }
}

/// When it was last used: a token alone does not say whether it never was, or whether nobody tells.
async fn last_use(client: &Client, place: &Place, token: &Token) -> When {
    if token.last_used != When::Unknown {
        return token.last_used;
    }
    match client.tokens(&place.scope()).all().await {
        Ok(all) => token.last_use_among(all.iter()),
        Err(_) => When::Unknown,
    }
}
