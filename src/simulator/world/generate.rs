//! Makes the company larger or smaller than it is written down, for tests and demos of scale.

use std::collections::HashSet;

use super::demo::{Company, ProjectEntry, RepositoryEntry};
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
