//! How each kind of fault is done and undone.

use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::clock::Clock;
use super::kind::Kind;
use super::plan::{BROKERS, Fault};
use super::relay::Relay;
use crate::kafka::{Broker, Kafka, Operation, Topics};
use crate::proxy::{Direction, Flow, Proxy};
use crate::wait::wait_until;

pub(super) const PARTITIONS: u16 = 6;

const HEAL_TIMEOUT: Duration = Duration::from_secs(90);
const RESET_INTERVAL: Duration = Duration::from_millis(500);
/// Smaller than the simulator's larger record batches, larger than most of its messages.
const FEW_BYTES: &str = "900";
const USUAL_BYTES: &str = "1048588";

/// What faults happen to.
#[derive(Debug)]
pub(super) struct World<'k> {
    // Dropped in this order: the gateway is gone before its topics are.
    pub(super) relay: Relay,
    pub(super) clock: Option<Clock>,
    pub(super) topics: Topics,
    pub(super) kafka: &'k Kafka,
}

impl World<'_> {
    /// Does it, lets it last, and undoes it. Blocks until it is undone.
    pub(super) fn suffer(&self, fault: &Fault) {
        let Fault { kind, broker, duration, variant, .. } = *fault;
        let kafka = self.kafka;
        let target = kafka.broker(broker);
        match kind {
            Kind::BrokerKill => down(&[target], Broker::kill, duration),
            Kind::BrokerRestart => down(&[target], Broker::stop, duration),
            Kind::ControllerKill => down(&[kafka.broker(kafka.controller())], Broker::kill, duration),
            Kind::TwoBrokersDown => {
                down(&[target, kafka.broker((broker + 1) % BROKERS)], Broker::kill, duration);
            }
            Kind::AllBrokersDown => down(&kafka.brokers().iter().collect::<Vec<_>>(), Broker::kill, duration),
            Kind::RollingRestart => {
                for broker in kafka.brokers() {
                    broker.stop();
                    broker.start();
                    self.wait_in_sync();
                }
            }
            Kind::BrokerPause | Kind::ClientTimeouts => paused(&[target], duration),
            Kind::AllBrokersDownShortly => paused(&kafka.brokers().iter().collect::<Vec<_>>(), duration),
            Kind::FullDisk => {
                target.fill_disk();
                sleep(duration);
                target.wait_end(Duration::ZERO);
                target.start();
            }
            Kind::TooFewReplicas => {
                let set = |value| {
                    for topic in self.topics.names() {
                        kafka.set_topic_config(topic, "min.insync.replicas", value);
                    }
                };
                set("3");
                down(&[target], Broker::stop, duration);
                set("2");
            }
            Kind::CutFromOneBroker => self.cut(|proxy| proxy.set_both(Flow::Cut), &[broker], duration),
            Kind::CutFromAllBrokers => {
                self.cut(|proxy| proxy.set_both(Flow::Cut), &[0, 1, 2], duration);
            }
            Kind::CutToBroker => {
                self.cut(|proxy| proxy.set(Direction::ToServer, Flow::Cut), &[broker], duration);
            }
            Kind::CutToGateway => {
                self.cut(|proxy| proxy.set(Direction::ToClient, Flow::Cut), &[broker], duration);
            }
            Kind::Delay => {
                let least = Duration::from_millis(variant % 150);
                let jitter = Duration::from_millis(variant / 150 % 300);
                self.cut(|proxy| proxy.set_both(Flow::Delay { least, jitter }), &[0, 1, 2], duration);
            }
            Kind::Resets => {
                let end = Instant::now() + duration;
                while Instant::now() < end {
                    kafka.network().to_brokers().iter().for_each(Proxy::reset);
                    sleep(RESET_INTERVAL);
                }
            }
            Kind::CutBetweenBrokers => {
                kafka.network().set_peers_of(broker, Flow::Cut);
                sleep(duration);
                kafka.network().set_peers_of(broker, Flow::Pass);
            }
            Kind::TopicDeleted => {
                kafka.delete_topic(&self.topics.other);
                sleep(duration);
                kafka.create_topic(&self.topics.other, PARTITIONS);
            }
            Kind::AclTakenAway => {
                let operation = if variant % 2 == 0 { Operation::All } else { Operation::Write };
                kafka.deny(&self.topics.web, operation);
                sleep(duration);
                kafka.allow(&self.topics.web);
            }
            Kind::RecordTooLarge => {
                kafka.set_topic_config(&self.topics.web, "max.message.bytes", FEW_BYTES);
                sleep(duration);
                kafka.set_topic_config(&self.topics.web, "max.message.bytes", USUAL_BYTES);
            }
            Kind::ClockJump => {
                let clock = self.clock.as_ref().expect("a plan with this kind has a clock");
                // Inside and outside of auth.max_clock_skew, 5 minutes as shipped.
                let seconds = [-540, -120, 120, 540][usize::try_from(variant % 4).unwrap_or_default()];
                clock.jump(seconds);
                sleep(duration);
                clock.jump(0);
            }
            Kind::GatewayTerm => self.restart(Signal::TERM, duration),
            Kind::GatewayKill => self.restart(Signal::KILL, duration),
            Kind::GatewayPause => {
                self.relay.signal(Signal::STOP);
                sleep(duration);
                self.relay.signal(Signal::CONT);
            }
            // The senders do it themselves, all the time.
            Kind::ClientDisconnects => sleep(duration),
        }
    }

    fn cut(&self, begin: impl Fn(&Proxy), brokers: &[usize], duration: Duration) {
        let proxies = || brokers.iter().map(|&id| self.kafka.network().to_broker(id));
        proxies().for_each(begin);
        sleep(duration);
        proxies().for_each(Proxy::heal);
    }

    fn restart(&self, signal: Signal, duration: Duration) {
        self.relay.signal(signal);
        self.relay.wait_exit();
        sleep(duration);
        self.relay.start_again();
    }

    /// Waits until every partition has all its replicas.
    pub(super) fn wait_in_sync(&self) {
        for topic in self.topics.names() {
            wait_until(HEAL_TIMEOUT, &format!("all replicas of {topic} are in sync"), || {
                let partitions = self.kafka.partitions(topic);
                partitions.len() == usize::from(PARTITIONS)
                    && partitions.iter().all(|partition| {
                        partition.leader.is_some() && partition.in_sync_replicas.len() == BROKERS
                    })
            });
        }
    }
}

/// Takes brokers down and starts them again, all at once: a quorum may need more than one.
fn down(brokers: &[&Broker], take_down: impl Fn(&Broker), duration: Duration) {
    brokers.iter().for_each(|broker| take_down(broker));
    sleep(duration);
    std::thread::scope(|scope| {
        for broker in brokers {
            scope.spawn(|| broker.start());
        }
    });
}

fn paused(brokers: &[&Broker], duration: Duration) {
    brokers.iter().for_each(|broker| broker.pause());
    sleep(duration);
    brokers.iter().for_each(|broker| broker.resume());
}
