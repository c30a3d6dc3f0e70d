//! `NO_PROXY`, held against git: a server that git reaches directly is reached directly here too.

use std::collections::HashMap;
use std::net::TcpListener;
use std::process::Command;

use bbtoken::address::BaseUrl;
use bbtoken::bitbucket::{Proxies, ProxyUse};

/// Whether git asks the proxy for this server.
fn git_asks(proxy: &TcpListener, no_proxy: &str, server: &str) -> bool {
    let address = proxy.local_addr().unwrap();
    let mut child = Command::new("git")
        .args(["ls-remote", &format!("{server}/scm/x/y.git")])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", "/nonexistent")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("http_proxy", format!("http://{address}"))
        .env("no_proxy", no_proxy)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // It waits for the proxy's answer, or it ends.
    loop {
        match proxy.accept() {
            Ok(_) => {
                let _ = child.kill();
                child.wait().unwrap();
                return true;
            }
            Err(_) if child.try_wait().unwrap().is_some() => {
                // What it asked just before its end.
                return proxy.accept().is_ok();
            }
            Err(_) => std::thread::yield_now(),
        }
    }
}

#[test]
fn no_proxy_is_read_as_git_reads_it() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let name = "http://git.ex.invalid";
    let number = "http://192.0.2.7:1";
    for (no_proxy, server) in [
        ("", name),
        ("*", name),
        ("*,x", name),
        (" * ", name),
        ("*.ex.invalid", name),
        ("ex.invalid", name),
        (".ex.invalid", name),
        ("ex.invalid.", name),
        ("invalid", name),
        ("x.invalid", name),
        ("it.ex.invalid", name),
        ("a.git.ex.invalid", name),
        ("..ex.invalid", name),
        ("GIT.Ex.invalid", name),
        ("git.ex.invalid:80", name),
        ("git.ex.invalid:7990", "http://git.ex.invalid:7990"),
        ("git.ex.invalid", "http://git.ex.invalid:7990"),
        ("http://git.ex.invalid", name),
        ("a.com git.ex.invalid", name),
        ("a.com, git.ex.invalid", name),
        ("a.com\tgit.ex.invalid", name),
        ("a.com ,, git.ex.invalid", name),
        ("a.com;git.ex.invalid", name),
        ("192.0.2.8", number),
        ("192.0.2.7:1", number),
        ("2.7", number),
        ("192.0.2.*", number),
        ("192.0.2.0/33", number),
        ("192.0.3.0/24", number),
        ("192.0.2.0/29", "http://192.0.2.9:1"),
    ] {
        let variables =
            HashMap::from([("http_proxy", "http://127.0.0.1:1"), ("no_proxy", no_proxy)]);
        let proxies = Proxies::of(|name| {
            let value = variables.get(name).filter(|value| !value.is_empty());
            value.map(|value| (*value).to_owned())
        });
        let base = BaseUrl::parse(server).unwrap();
        let is_asked = matches!(proxies.use_for(&base), ProxyUse::Through { .. });
        assert_eq!(
            is_asked,
            git_asks(&proxy, no_proxy, server),
            "{no_proxy:?} {server}"
        );
    }
    // Networks, where git would really go there: newer versions of libcurl know them.
    for no_proxy in [
        "192.0.2.7",
        "192.0.2.0/24",
        "0.0.0.0/0",
        "10.0.0.0/8, 192.0.2.7/32",
    ] {
        let proxies = Proxies::of(|name| match name {
            "http_proxy" => Some("http://127.0.0.1:1".to_owned()),
            "NO_PROXY" => Some(no_proxy.to_owned()),
            _ => None,
        });
        let base = BaseUrl::parse(number).unwrap();
        let excepted = ProxyUse::Excepted("http_proxy".to_owned(), "NO_PROXY".to_owned());
        assert_eq!(proxies.use_for(&base), excepted, "{no_proxy}");
    }
}
