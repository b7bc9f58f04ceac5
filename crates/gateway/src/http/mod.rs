//! The listeners: the public one, on which pushes arrive, and the admin one.

mod admin;
mod answer;
mod first_byte;

use std::net::TcpListener;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Payload, Server};
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, FromRequest, HttpRequest, HttpResponse, HttpServer};

use futures_util::FutureExt;

use crate::gateway::Gateway;
use crate::push::{self, Refusal, Trail};

/// Where pushes go, below `server.base_path`.
pub(crate) const PATH: &str = "/webhooks/v1/messages";

/// A kept-alive connection is closed after this long without a request: longer than the usual minute of senders and
/// proxies, so that it is they who close, and never a push that meets a closing connection.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a client may still send what it began to send after it was answered.
const LINGER: Duration = Duration::from_secs(2);

/// The public server. Ends by its handle alone; signals are the caller's.
pub(crate) fn public(
    gateway: Arc<Gateway>,
    listener: TcpListener,
    base_path: &str,
    request_timeout: Duration,
    stop_timeout: Duration,
) -> std::io::Result<Server> {
    let path = format!("{base_path}{PATH}");
    let server = HttpServer::new(move || {
        let gateway = web::Data::from(gateway.clone());
        let path = path.clone();
        App::new().app_data(gateway).configure(move |app| routes(app, &path))
    })
    .on_connect(first_byte::watch)
    .keep_alive(KEEP_ALIVE)
    // From the connection's beginning: a pool of connections that were opened ahead must have the time to be used.
    .client_request_timeout(request_timeout)
    .client_disconnect_timeout(LINGER)
    .shutdown_timeout(stop_timeout.as_secs())
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(server)
}

/// The admin server.
pub(crate) fn admin(gateway: Arc<Gateway>, listener: TcpListener) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new().app_data(web::Data::from(gateway.clone())).configure(admin::routes)
    })
    .workers(1)
    .shutdown_timeout(1)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(server)
}

fn routes(app: &mut ServiceConfig, path: &str) {
    app.service(web::resource(path).route(web::post().to(receive)).default_service(web::to(wrong_method)))
        .default_service(web::to(wrong_path));
}

async fn receive(request: HttpRequest, mut payload: Incoming, gateway: web::Data<Gateway>) -> HttpResponse {
    let started = first_byte::began(&request);
    let request_id = answer::request_id(request.headers());
    let mut trail = Trail::default();
    let relay = push::relay(&gateway, &request, &mut payload.0, started, &request_id, &mut trail);
    // A panic is a defect, and still gets an answer; what it was, the panic hook has written.
    let result = AssertUnwindSafe(relay).catch_unwind().await.unwrap_or(Err(Refusal::Defect));
    answer::answer(&gateway, &request_id, &trail, started, &result)
}

async fn wrong_method(request: HttpRequest, gateway: web::Data<Gateway>) -> HttpResponse {
    refuse(&request, &gateway, Refusal::WrongMethod)
}

async fn wrong_path(request: HttpRequest, gateway: web::Data<Gateway>) -> HttpResponse {
    refuse(&request, &gateway, Refusal::WrongPath)
}

fn refuse(request: &HttpRequest, gateway: &Gateway, refusal: Refusal) -> HttpResponse {
    let request_id = answer::request_id(request.headers());
    answer::answer(gateway, &request_id, &Trail::default(), first_byte::began(request), &Err(refusal))
}

/// The body as it comes, without the limits and conversions of the ready-made extractors.
struct Incoming(Payload);

impl FromRequest for Incoming {
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self(payload.take())))
    }
}
