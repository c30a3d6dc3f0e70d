//! A web browser without a window: it keeps cookies, follows links and redirects, and sends forms. What
//! a person would do with the simulator's pages, a test does with this.

#![allow(
    dead_code,
    reason = "each test binary uses its own part of the browser"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed unwrap in a harness is a failed test"
)]

use std::collections::BTreeMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, Url, redirect};

/// More redirects in a row are a circle.
const MOST_REDIRECTS: usize = 10;

pub(crate) struct WebBrowser {
    http: Client,
    cookies: BTreeMap<String, String>,
    /// The address of the page.
    pub(crate) at: Url,
    /// Its status.
    pub(crate) status: u16,
    /// Its HTML.
    pub(crate) page: String,
}

impl WebBrowser {
    /// Opens a page, as a new window does.
    pub(crate) async fn open(address: &str) -> Self {
        let mut browser = Self {
            http: http(),
            cookies: BTreeMap::new(),
            at: address.parse().unwrap(),
            status: 0,
            page: String::new(),
        };
        browser.visit(address).await;
        browser
    }

    /// Goes to a page, from the one that it is on.
    pub(crate) async fn visit(&mut self, address: &str) {
        let address = self.at.join(address).unwrap();
        self.go(Method::GET, address, None).await;
    }

    /// Follows the link with this text.
    pub(crate) async fn follow(&mut self, text: &str) {
        let (before, _) = self.page.split_once(&format!(">{text}</a>")).unwrap();
        let address = plain(attribute(before.rsplit_once("<a ").unwrap().1, "href").unwrap());
        self.visit(&address).await;
    }

    /// Fills in the form of the page and sends it; hidden fields go with it.
    pub(crate) async fn send(&mut self, fields: &[(&str, &str)]) {
        let form = between(&self.page, "<form", "</form>").expect(&self.page);
        let action = attribute(form.split('>').next().unwrap(), "action").map(plain);
        let hidden = form.split("<input type=\"hidden\"").skip(1).map(|input| {
            let value = plain(attribute(input, "value").unwrap());
            (attribute(input, "name").unwrap().to_owned(), value)
        });
        let given = fields.iter().map(|(name, value)| {
            assert!(form.contains(&format!("name=\"{name}\"")), "{form}");
            ((*name).to_owned(), (*value).to_owned())
        });
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let body: Vec<_> = hidden
            .chain(given)
            .map(|(name, value)| format!("{}={}", encode(&name), encode(&value)))
            .collect();
        let address = match action {
            Some(action) => self.at.join(&action).unwrap(),
            None => self.at.clone(),
        };
        self.go(Method::POST, address, Some(body.join("&"))).await;
    }

    /// The new token that the page shows.
    pub(crate) fn token(&self) -> String {
        let token = between(&self.page, "<code id=\"token\">", "</code>");
        plain(token.expect(&self.page))
    }

    async fn go(&mut self, method: Method, address: Url, body: Option<String>) {
        let (mut method, mut address, mut body) = (method, address, body);
        for _ in 0..MOST_REDIRECTS {
            let cookies = self.cookies.iter();
            let cookies: Vec<_> = cookies
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let mut request = self.http.request(method, address.clone());
            request = request.header(COOKIE, cookies.join("; "));
            if let Some(body) = body.take() {
                request = request
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(body);
            }
            let Ok(response) = request.send().await else {
                // Nobody is there: a browser says so, and shows the address.
                self.status = 0;
                self.at = address;
                return;
            };
            for cookie in response.headers().get_all(SET_COOKIE) {
                let pair = cookie.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            self.status = response.status().as_u16();
            self.at = address;
            let Some(to) = response.headers().get(LOCATION) else {
                self.page = response.text().await.unwrap();
                return;
            };
            address = self.at.join(to.to_str().unwrap()).unwrap();
            method = Method::GET;
        }
        panic!("a circle of redirects at {}", self.at);
    }
}

/// A client that follows no redirects and knows no proxies.
pub(crate) fn http() -> Client {
    // Fails where somebody has installed one before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .tls_certs_only(std::iter::empty::<reqwest::Certificate>());
    http.build().unwrap()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0)
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    between(tag, &format!("{name}=\""), "\"")
}

fn plain(html: &str) -> String {
    html.replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
