//! `NO_PROXY`: which servers are reached without a proxy, read as git reads it (libcurl does, for git).
//!
//! Names are separated by commas or blanks. Each covers itself and what lies below it, with a dot in front
//! or without; numbers may stand for a network (`10.0.0.0/8`). `*` counts alone, for everything; neither
//! `*.example.com` nor a port means anything.

use std::net::IpAddr;

use crate::address::BaseUrl;

/// Whether this value of the variable covers the server.
pub(super) fn cover(value: &str, server: &BaseUrl) -> bool {
    if value == "*" {
        return true;
    }
    let name = server.host_name().trim_end_matches('.');
    let number = name.trim_matches(['[', ']']).parse::<IpAddr>().ok();
    let mut entries = value.split([',', ' ', '\t']).filter(|it| !it.is_empty());
    entries.any(|entry| match number {
        Some(number) => covers_number(entry, number),
        None => covers_name(entry, name),
    })
}

fn covers_name(entry: &str, name: &str) -> bool {
    let entry = entry.strip_prefix('.').unwrap_or(entry);
    let entry = entry.strip_suffix('.').unwrap_or(entry).as_bytes();
    let name = name.as_bytes();
    let Some(before) = name.len().checked_sub(entry.len()) else {
        return false;
    };
    let is_whole_label = before == 0 || name[before - 1] == b'.';
    !entry.is_empty() && is_whole_label && name[before..].eq_ignore_ascii_case(entry)
}

fn covers_number(entry: &str, number: IpAddr) -> bool {
    let (network, length) = match entry.split_once('/') {
        Some((network, length)) => (network, length.parse::<u32>().ok()),
        None => (entry, Some(u32::MAX)),
    };
    let (Ok(network), Some(length)) = (network.parse::<IpAddr>(), length) else {
        return false;
    };
    let (network, number, bits) = match (network, number) {
        (IpAddr::V4(network), IpAddr::V4(number)) => (
            u128::from(network.to_bits()),
            u128::from(number.to_bits()),
            32,
        ),
        (IpAddr::V6(network), IpAddr::V6(number)) => (network.to_bits(), number.to_bits(), 128),
        _ => return false,
    };
    let length = if length == u32::MAX { bits } else { length };
    // Nothing is left to compare where the network is everything.
    length <= bits && (network ^ number).checked_shr(bits - length).unwrap_or(0) == 0
}
