//! Makes the company larger or smaller than it is written down, for tests and demos of scale.

use std::collections::HashSet;

use super::demo::{Company, ProjectEntry, RepositoryEntry, TokenEntry};
use crate::simulator::Size;

const AREAS: &[&str] = &[
    "Archive",
    "Billing",
    "Booking",
    "Catalogue",
    "Claims",
    "Compliance",
    "Customs",
    "Delivery",
    "Fleet",
    "Forecast",
    "Freight",
    "Inventory",
    "Labels",
    "Loyalty",
    "Market",
    "Partner",
    "Planning",
    "Pricing",
    "Quality",
    "Returns",
    "Routing",
    "Storage",
    "Supplier",
    "Tracking",
];
const KINDS: &[&str] = &[
    "Analytics",
    "Automation",
    "Core",
    "Gateway",
    "Integration",
    "Labs",
    "Operations",
    "Portal",
    "Services",
    "Tools",
];
const PARTS: &[&str] = &[
    "adapter", "api", "batch", "client", "config", "docs", "events", "export", "frontend",
    "importer", "infra", "jobs", "model", "proxy", "reports", "rules", "schema", "sync", "tests",
    "ui", "worker",
];

/// Gives the company exactly this many projects (at least one) and repositories, personal ones
/// not counted.
///
/// What is written first stays. Tokens and recent repositories whose place went away go with it.
pub(super) fn resize(company: &mut Company, size: Size, random: &mut fastrand::Rng) {
    let mut missing = size.projects.max(1);
    company.project.retain(|project| {
        let counts = project.owner.is_none();
        let stays = !counts || missing > 0;
        missing -= usize::from(counts && stays);
        stays
    });
    company
        .project
        .extend((1..=missing).map(|number| project(number, random)));

    let mut missing = size.repositories;
    let mut homes: Vec<_> = company.project.iter_mut().collect();
    homes.retain(|project| project.owner.is_none());
    for project in &mut homes {
        project.repositories.truncate(missing);
        missing -= project.repositories.len();
    }
    // The projects that were made here are empty: they are filled, the written ones stay as told.
    if homes.iter().any(|project| project.key.starts_with(MADE)) {
        homes.retain(|project| project.key.starts_with(MADE));
    }
    let count = homes.len();
    for number in 1..=missing {
        let area = pick(AREAS, random).to_lowercase();
        let name = format!("{area}-{}-{number}", pick(PARTS, random));
        homes[number % count]
            .repositories
            .push(RepositoryEntry::Name(name));
    }
    drop_what_lost_its_place(company);
}

/// How the keys of made projects begin, which no written one's does.
const MADE: &str = "GEN";

fn project(number: usize, random: &mut fastrand::Rng) -> ProjectEntry {
    let (area, kind) = (pick(AREAS, random), pick(KINDS, random));
    ProjectEntry {
        key: format!("{MADE}{number}"),
        name: format!("{area} {kind} {number}"),
        description: Some(format!("{kind} for {}", area.to_lowercase())),
        everyone: Some("read".to_owned()),
        ..ProjectEntry::default()
    }
}

const TOOLS: &[&str] = &[
    "Argo CD",
    "backup",
    "deploy",
    "docs",
    "Jenkins",
    "mirror",
    "nightly",
    "release",
    "Renovate",
    "scanner",
    "SonarQube",
    "sync",
];
const RIGHTS: &[&[&str]] = &[
    &["PROJECT_READ", "REPO_READ"],
    &["PROJECT_READ", "REPO_WRITE"],
    &["PROJECT_READ", "REPO_ADMIN"],
    &["PROJECT_ADMIN", "REPO_ADMIN"],
];

/// Adds so many tokens: every other one is the first user's, the rest are spread over all projects and
/// repositories. Some never expire, some have expired, some were never used.
pub(super) fn add_tokens(company: &mut Company, count: usize, random: &mut fastrand::Rng) {
    let mut places = Vec::new();
    for project in &company.project {
        places.push((project.key.clone(), false));
        for repository in &project.repositories {
            places.push((format!("{}/{}", project.key, repository.slug()), true));
        }
    }
    let first = company.user.first().map(|user| user.name.clone());
    for number in 1..=count {
        let place = match places.get(number / 2 % places.len().max(1)) {
            Some(place) if number % 2 == 0 => Some(place.clone()),
            _ => None,
        };
        company
            .token
            .push(token(number, place, first.clone(), random));
    }
}

/// A token of a project, a repository (`true`), or else of this user.
fn token(
    number: usize,
    place: Option<(String, bool)>,
    user: Option<String>,
    random: &mut fastrand::Rng,
) -> TokenEntry {
    let (project, repository) = match place {
        Some((place, true)) => (None, Some(place)),
        Some((place, false)) => (Some(place), None),
        None => (None, None),
    };
    let rights = RIGHTS[random.usize(..RIGHTS.len())].iter();
    let is_repository = repository.is_some();
    let rights = rights.filter(|right| !is_repository || right.starts_with("REPO_"));
    let created = random.i64(1..1500);
    let expires = [30, 90, 365][random.usize(..3)] - created;
    TokenEntry {
        user: user.filter(|_| project.is_none() && !is_repository),
        project,
        repository,
        name: format!("{} {number}", pick(TOOLS, random)),
        permissions: rights.map(|right| (*right).to_owned()).collect(),
        created_days_ago: created,
        used_days_ago: (random.u8(..4) > 0).then(|| random.i64(0..created)),
        expires_in_days: (random.u8(..3) > 0).then_some(expires),
    }
}

fn drop_what_lost_its_place(company: &mut Company) {
    let mut places = HashSet::new();
    for project in &company.project {
        places.insert(project.key.clone());
        for repository in &project.repositories {
            places.insert(format!("{}/{}", project.key, repository.slug()));
        }
    }
    company
        .token
        .retain(|token| token.place().is_none_or(|place| places.contains(place)));
    for user in &mut company.user {
        user.recent.retain(|place| places.contains(place));
    }
}

fn pick(words: &[&'static str], random: &mut fastrand::Rng) -> &'static str {
    words[random.usize(..words.len())]
}
