//! Setting git up so that nothing is lost on the way: the new setup stands before the old one goes, and
//! whatever fails puts back what was there.
//!
//! The record comes first, then the store gets the token, so that no failure leaves one in a store of
//! which nobody knows.

use super::files::{self, Before};
use super::password::Holder;
use super::plain_store::PlainStore;
use super::record::{SetUp, TokenNote};
use super::store::Store;
use super::under_way::{self, UnderWay};
use super::way::{Way, WayKind};
use super::{Error, Target, credential};
use crate::environment::Environment;
use crate::secret::Secret;

/// git is set up, and what was there before can still be had back. Where this is dropped, the next
/// [`under_way::bring_to_end`] decides: for the new one where that is proven.
#[derive(Debug)]
#[must_use]
pub struct Applied {
    environment: Environment,
    token: Secret,
    files: Before,
    under_way: UnderWay,
    plain: Option<PlainStore>,
    new: SetUp,
    old: Option<SetUp>,
    /// What git's helpers kept for this user before.
    passwords: Vec<(Holder, Option<Secret>)>,
    /// What became of a setup that a killed process had left half-done.
    told: Vec<String>,
}

/// Why git was not set up.
#[derive(Debug, thiserror::Error)]
#[error("{error}{}", still_there(left))]
pub struct Failed {
    /// Why.
    pub error: Error,
    /// What could not be put back, one sentence for each.
    pub left: Vec<String>,
}

fn still_there(left: &[String]) -> String {
    left.iter().map(|it| format!(" {it}")).collect()
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        let left = Vec::new();
        Self { error, left }
    }
}

/// Sets git up, and keeps what an earlier setup for the same place needs until somebody decides.
///
/// # Errors
///
/// See [`Failed`].
pub async fn apply(
    environment: &Environment,
    target: &Target,
    way: &Way,
    token: &Secret,
    note: &TokenNote,
) -> Result<Applied, Failed> {
    let told = under_way::bring_to_end(environment).await;
    let old = super::set_up_for(environment, &target.address);
    let target = &in_place_of(old.as_ref(), target);
    let mut new = SetUp::new(target, way, note);
    if new.store.is_some() {
        let program = credential::lasting_program(environment)?;
        new.program = Some(program.to_string_lossy().into_owned());
    }
    let mut passwords = Vec::new();
    let mut plain = None;
    if let (Some(helper), Some(user)) = (&new.helper, &target.user) {
        plain = PlainStore::read(environment, helper)?;
        for holder in Holder::of(target.addresses(), user) {
            let kept = holder.kept(environment).await?;
            passwords.push((holder, kept));
        }
        let earlier = old.as_ref().is_some_and(SetUp::is_password);
        new.replaced = match &old {
            Some(old) if earlier => old.replaced && old.helper == new.helper,
            _ => passwords.iter().any(|(_, kept)| kept.is_some()),
        };
    }
    let files = Before::read(environment, &target.address)?;
    let under_way = UnderWay::begin(environment, &target.address, &files)?;
    let applied = Applied {
        environment: environment.clone(),
        token: Secret::new(token.expose().to_owned()),
        files,
        under_way,
        plain,
        new,
        old,
        passwords,
        told,
    };
    match applied.write(target, way).await {
        Ok(()) => Ok(applied),
        Err(error) => Err(Failed {
            error,
            left: applied.put_back().await,
        }),
    }
}

/// The target under the address by which it is recorded already: as Bitbucket reads them, both are one.
fn in_place_of(old: Option<&SetUp>, target: &Target) -> Target {
    let mut target = target.clone();
    if let Some(old) = old.filter(|old| old.address != target.address) {
        let other = std::mem::replace(&mut target.address, old.address.clone());
        target.also.push(other);
    }
    target
}

impl Applied {
    /// What the new setup takes the place of.
    #[must_use]
    pub fn replaces(&self) -> Option<&SetUp> {
        self.old.as_ref()
    }

    /// From here on the new one counts, also where nobody decides any more. Nothing goes yet.
    ///
    /// # Errors
    ///
    /// Where that cannot be noted.
    pub fn is_proven(&mut self) -> Result<(), Error> {
        self.under_way.is_proven()
    }

    async fn write(&self, target: &Target, way: &Way) -> Result<(), Error> {
        let environment = &self.environment;
        let mut sections = match &way.kind {
            WayKind::Approve { helper, is_new } => {
                let sections = is_new.then(|| files::helper_sections(target, helper));
                sections.unwrap_or_default()
            }
            WayKind::Helper { store } => credential::sections(target, &self.new, store),
            WayKind::Header => files::header_sections(target, &self.token),
        };
        sections.push_str(&files::authority_sections(target));
        files::write(environment, &self.new, &sections)?;
        match &way.kind {
            WayKind::Approve { helper, .. } => {
                for (holder, kept) in &self.passwords {
                    self.keep_before(helper, holder, kept.as_ref()).await?;
                    holder.keep(environment, &self.token).await?;
                    holder.gives(environment, helper, &self.token).await?;
                }
                Ok(())
            }
            WayKind::Helper { store } => {
                store.keep(environment, self.new.entry(), &self.token).await
            }
            WayKind::Header => Ok(()),
        }
    }

    /// What git's helper keeps is the token of an earlier setup.
    fn was_ours(&self) -> bool {
        self.old.as_ref().is_some_and(SetUp::is_password)
    }

    /// What is there is kept by the same helper too, under a name that no server has: until the new one is
    /// proven, or for undo.
    async fn keep_before(
        &self,
        helper: &str,
        holder: &Holder,
        kept: Option<&Secret>,
    ) -> Result<(), Error> {
        match kept {
            Some(kept) if *kept != self.token => {
                let store = Store::GitHelper(helper.to_owned());
                let entry = holder.copy(self.was_ours());
                store.keep(&self.environment, &entry, kept).await
            }
            _ => Ok(()),
        }
    }

    /// The new one is proven: the old one goes. Answers with what could not be taken away, one sentence
    /// for each.
    pub async fn confirm(mut self) -> Vec<String> {
        let mut left = std::mem::take(&mut self.told);
        left.extend(self.under_way.is_proven().err().map(|it| it.to_string()));
        if let Some(old) = &self.old {
            left.extend(take_old_away(&self.environment, old, &self.new).await);
        }
        left.extend(self.under_way.end().err().map(|it| it.to_string()));
        left
    }

    /// Puts back what was there before. Answers with what could not be, one sentence for each.
    pub async fn put_back(mut self) -> Vec<String> {
        let environment = &self.environment;
        let mut left = std::mem::take(&mut self.told);
        if let Some(store) = &self.new.store
            && !self.new.shares_entry(self.old.as_ref())
            && let Err(error) = store.forget(environment, self.new.entry()).await
        {
            left.push(under_way::still_kept(store, &error));
        }
        // By the helper that git asks now; what was kept before goes to the one that it asked then.
        for (holder, _) in &self.passwords {
            if let Err(error) = holder.forget(environment, &self.token).await {
                left.push(may_still_keep(holder, &error));
            }
        }
        if let Err(error) = self.files.put_back(environment, &self.new.address) {
            left.push(format!(
                "The files for git could not all be put back: {error}"
            ));
            // The next run tries again.
            return left;
        }
        for (holder, kept) in &self.passwords {
            if let Some(kept) = kept
                && let Err(error) = holder.keep(environment, kept).await
            {
                left.push(format!(
                    "What git's helper kept for {} at {} may not be back: {error}",
                    holder.user, holder.host
                ));
                continue;
            }
            if let Some(helper) = &self.new.helper
                && kept.is_some()
            {
                let store = Store::GitHelper(helper.clone());
                // A copy of what has just been put back.
                let copy = holder.copy(self.was_ours());
                let _ = store.forget(environment, &copy).await;
            }
        }
        if let Some(plain) = &self.plain
            && let Err(error) = plain.put_back()
        {
            left.push(format!("{error}"));
        }
        left.extend(self.under_way.end().err().map(|it| it.to_string()));
        self.files.remove_missing();
        left
    }
}

/// Takes away what only the old one needs, once the new one is proven. Answers with what could not be, one
/// sentence for each.
pub(super) async fn take_old_away(
    environment: &Environment,
    old: &SetUp,
    new: &SetUp,
) -> Vec<String> {
    let mut left = Vec::new();
    if let Some(store) = &old.store
        && !new.shares_entry(Some(old))
        && let Err(error) = store.forget(environment, old.entry()).await
    {
        left.push(format!(
            "The token of the earlier setup is still kept by {}: {error}",
            store.name()
        ));
    }
    if old.is_password() && !new.is_password() {
        left.extend(take_password_away(environment, old).await);
    }
    if let (true, Some(_), Some(helper), Some(user)) = (
        old.helper != new.helper,
        &new.helper,
        &old.helper,
        &old.user,
    ) {
        for holder in Holder::of(old.addresses(), user) {
            let forgotten = holder.forget_in(environment, helper, &old.token).await;
            left.extend(forgotten.err().map(|error| may_still_keep(&holder, &error)));
        }
    }
    if let (true, Some(helper), Some(user)) = (old.is_password(), &new.helper, &new.user) {
        let store = Store::GitHelper(helper.clone());
        for holder in Holder::of(new.addresses(), user) {
            let forgotten = store.forget(environment, &holder.copy(true)).await;
            left.extend(forgotten.err().map(|error| {
                format!(
                    "The token of the earlier setup is still kept by {}: {error}",
                    store.name()
                )
            }));
        }
    }
    left
}

pub(super) fn may_still_keep(holder: &Holder, error: &Error) -> String {
    let Holder { user, host, .. } = holder;
    format!("git's helper may still keep the token for {user} at {host}: {error}")
}

/// Takes away what was set up, the stored token included, and brings back what was there before it.
/// Answers with what could not be, one sentence for each.
///
/// # Errors
///
/// [`Error::NothingThere`], and where the files cannot be changed.
pub(super) async fn undo(environment: &Environment, set_up: &SetUp) -> Result<Vec<String>, Error> {
    let mut left = Vec::new();
    if let Some(store) = &set_up.store {
        store.forget(environment, set_up.entry()).await?;
    } else if set_up.is_password() {
        left.extend(take_password_away(environment, set_up).await);
    }
    files::remove(environment, &set_up.address)?;
    Ok(left)
}

/// Has git's helper forget a token that is kept there as a password, and gives it back what it kept
/// before.
async fn take_password_away(environment: &Environment, set_up: &SetUp) -> Vec<String> {
    let Some(user) = &set_up.user else {
        return Vec::new();
    };
    let mut left = Vec::new();
    for holder in Holder::of(set_up.addresses(), user) {
        if let Err(error) = give_back(environment, set_up, &holder, &mut left).await {
            left.push(may_still_keep(&holder, &error));
        }
    }
    left
}

async fn give_back(
    environment: &Environment,
    set_up: &SetUp,
    holder: &Holder,
    left: &mut Vec<String>,
) -> Result<(), Error> {
    let (user, host) = (&holder.user, &holder.host);
    let store = set_up.helper.clone().filter(|_| set_up.replaced);
    let store = store.map(Store::GitHelper);
    match holder.kept(environment).await? {
        // Somebody has typed another one since: it is not ours to take away.
        Some(kept) if !set_up.token.may_be(&kept) => {
            left.push(format!(
                "git's helper now keeps another password for {user} at {host}, which stays."
            ));
            return match store {
                Some(store) => store.forget(environment, &holder.before()).await,
                None => Ok(()),
            };
        }
        Some(kept) => holder.forget(environment, &kept).await?,
        None => {}
    }
    let Some(store) = store else {
        return Ok(());
    };
    match store.give(environment, &holder.before()).await? {
        Some(before) => {
            holder.keep(environment, &before).await?;
            store.forget(environment, &holder.before()).await
        }
        None => {
            left.push(format!(
                "The password that git's helper kept for {user} at {host} before could not be brought back: {} does not keep it any more. git asks for it the next time.",
                store.name()
            ));
            Ok(())
        }
    }
}
