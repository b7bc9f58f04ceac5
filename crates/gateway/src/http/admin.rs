//! The admin listener: probes and metrics.

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde_json::json;

use crate::dedup::Window;
use crate::gateway::Gateway;
use crate::metrics::{Gauges, TopicGauges};

pub(super) fn routes(app: &mut ServiceConfig) {
    app.route("/livez", web::get().to(livez))
        .route("/readyz", web::get().to(readyz))
        .route("/metrics", web::get().to(metrics));
}

async fn livez(gateway: web::Data<Gateway>) -> HttpResponse {
    answer(&gateway, StatusCode::OK).json(json!({"status": "alive"}))
}

/// Ready once every configured topic was seen (and, with `topics.require_durable`, was durable); from then on only the
/// end of the process changes it. Readiness is
/// about this process: were a broker's blip to unready every pod, no push could even be answered.
async fn readyz(gateway: web::Data<Gateway>) -> HttpResponse {
    let mut reasons = Vec::new();
    if gateway.lifecycle.ending() {
        reasons.push("shutting down".to_owned());
    }
    let topics = gateway.publisher.topics();
    for id in topics.ids() {
        let name = topics.name(id);
        if !topics.seen(id) {
            reasons.push(format!("topic {name} has not been seen in Kafka yet"));
        } else if gateway.require_durable && !topics.was_durable(id) {
            reasons.push(match topics.weaknesses(id) {
                None => format!("topic {name}: Kafka has not told its settings (topics.require_durable)"),
                Some(weaknesses) => {
                    format!("topic {name}: {} (topics.require_durable)", weaknesses.join("; "))
                }
            });
        }
    }
    if reasons.is_empty() {
        answer(&gateway, StatusCode::OK).json(json!({"status": "ready"}))
    } else {
        answer(&gateway, StatusCode::SERVICE_UNAVAILABLE)
            .json(json!({"status": "not ready", "reasons": reasons}))
    }
}

async fn metrics(gateway: web::Data<Gateway>) -> HttpResponse {
    let topics = gateway.publisher.topics();
    gateway.metrics.set_gauges(&Gauges {
        topics: topics
            .ids()
            .map(|id| TopicGauges {
                name: topics.name(id),
                partitions: topics.partitions(id),
                durable: topics.weaknesses(id).map(|weaknesses| weaknesses.is_empty()),
            })
            .collect(),
        inflight_messages: gateway.inflight_messages.used(),
        inflight_bytes: gateway.inflight_bytes.used(),
        kafka_queue_messages: gateway.publisher.queued(),
        dedup_window: gateway.dedup.as_ref().map(Window::age).unwrap_or_default(),
    });
    match gateway.metrics.render() {
        Ok(text) => answer(&gateway, StatusCode::OK)
            .insert_header((header::CONTENT_TYPE, prometheus::TEXT_FORMAT))
            .body(text),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be rendered");
            answer(&gateway, StatusCode::INTERNAL_SERVER_ERROR).finish()
        }
    }
}

/// Begins an answer; near the end of the process it is the connection's last.
fn answer(gateway: &Gateway, status: StatusCode) -> HttpResponseBuilder {
    let mut answer = HttpResponseBuilder::new(status);
    if gateway.lifecycle.ending() {
        answer.force_close();
    }
    answer
}
