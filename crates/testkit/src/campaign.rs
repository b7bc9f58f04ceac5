//! The fault campaign: seeded plans of faults against a real cluster and a gateway under load, each judged by the
//! simulator's checker.
//!
//! A [`Campaign`] holds the cluster; each [`Plan`] gets topics and a gateway of its own, and ends with everything
//! healed. A plan passes if nothing was lost, repeated or put out of order, if pushes succeed again soon after the
//! last fault, and if no push failed where none may.

mod clock;
mod inject;
mod judge;
mod kind;
mod load;
mod plan;
mod relay;
mod report;

use std::any::Any;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

use aicc_simulator::journal::Journal;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use self::clock::Clock;
use self::inject::{PARTITIONS, World};
use self::judge::Times;
pub use self::kind::{Kind, UnknownKind};
use self::load::Senders;
use self::plan::{BROKERS, partner};
pub use self::plan::{Fault, Plan};
use self::relay::Relay;
pub use self::report::{Report, table};
use crate::gateway::GatewayBuilder;
use crate::kafka::Kafka;

/// From the last fault's end: pushes succeed again, and none fails any more.
const RECOVERY: Duration = Duration::from_secs(5);
/// How much longer the load goes on, to see that.
const AFTERWARDS: Duration = Duration::from_secs(8);
/// The channels' shares of the load, and their topics.
const CHANNELS: &str = "WEB=80,WHATSAPP=15,LINE=5";
const WITHOUT_OTHER: &str = "WEB=80,WHATSAPP=15";
const OTHER: &str = "LINE=1";
/// As `server.request_timeout` must leave the body its time.
const IMPATIENT: [(&str, &str); 2] = [("kafka.publish_timeout", "4s"), ("server.request_timeout", "7s")];

/// What plans are run with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The gateway to test.
    pub gateway: GatewayBuilder,
    /// Messages a second.
    pub rate: f64,
    /// Where the logs of plans that fail are kept.
    pub evidence: PathBuf,
}

/// A cluster that plans are run on, one after the other.
#[derive(Debug)]
pub struct Campaign {
    settings: Settings,
    /// Another one takes the place of a cluster that did not heal.
    kafka: Option<Kafka>,
}

/// Why plans with a kind of fault cannot be run on this machine.
pub fn obstacle(kind: Kind) -> Option<&'static str> {
    (kind == Kind::ClockJump && !clock::is_installed())
        .then_some("libfaketime is not installed (Debian: apt-get install libfaketime)")
}

/// Plans without end: first every kind alone, in the order given, then pairs.
pub fn plans(seed: u64, kinds: Vec<Kind>) -> impl Iterator<Item = Plan> {
    let mut rng = StdRng::seed_from_u64(seed);
    (0_usize..).map(move |number| {
        let seed = rng.random::<u32>().into();
        let first = kinds[number % kinds.len()];
        let second = if number < kinds.len() { None } else { partner(first, &kinds, &mut rng) };
        Plan::draw(seed, &[Some(first), second].into_iter().flatten().collect::<Vec<_>>())
    })
}

impl Campaign {
    /// Nothing is started before the first plan.
    pub fn new(settings: Settings) -> Self {
        Self { settings, kafka: None }
    }

    /// Runs a plan to its end. What goes wrong is in the report.
    pub fn run(&mut self, plan: &Plan) -> Report {
        let settings = self.settings.clone();
        let mut report = Report::new(plan);
        let kafka = self.kafka.take().unwrap_or_else(|| Kafka::start_proxied(3, plan.seed));
        let ran = catch_unwind(AssertUnwindSafe(|| run(plan, &settings, &kafka, &mut report)));
        if let Err(cause) = ran {
            report.problems.push(format!("the plan could not be run to its end: {}", text(&*cause)));
        } else {
            // Healed, as the last thing that was waited for.
            self.kafka = Some(kafka);
        }
        report
    }
}

fn run(plan: &Plan, settings: &Settings, kafka: &Kafka, report: &mut Report) {
    let world = world(plan, settings, kafka);
    let ran = catch_unwind(AssertUnwindSafe(|| load_and_judge(plan, settings, &world, report)));
    if !report.passed() || ran.is_err() {
        report.evidence = Some(keep_evidence(report, settings, &world));
    }
    ran.unwrap_or_else(|cause| resume_unwind(cause));
}

fn world<'k>(plan: &Plan, settings: &Settings, kafka: &'k Kafka) -> World<'k> {
    let topics = kafka.topics("plan", PARTITIONS);
    let clock = plan.has(Kind::ClockJump).then(|| Clock::new().expect("libfaketime is installed"));
    let more: &[_] = if plan.has(Kind::AllBrokersDown) { &IMPATIENT } else { &[] };
    let relay = Relay::start(settings.gateway.clone(), kafka, &topics, more, clock.as_ref());
    World { relay, clock, topics, kafka }
}

fn load_and_judge(plan: &Plan, settings: &Settings, world: &World<'_>, report: &mut Report) {
    let url = world.relay.url();
    let senders = |channels, rate| Senders::start(plan, channels, &url, rate);
    let (senders, others) = if plan.has(Kind::TopicDeleted) {
        (senders(WITHOUT_OTHER, settings.rate * 0.95), Some(senders(OTHER, settings.rate * 0.05)))
    } else {
        (senders(CHANNELS, settings.rate), None)
    };
    let suffered = catch_unwind(AssertUnwindSafe(|| suffer(plan, world)));
    let healed = SystemTime::now();
    thread::sleep(AFTERWARDS);
    senders.stop();
    others.iter().for_each(Senders::stop);
    let times = Times { healed, stopped: SystemTime::now() };
    let ended = [Some(senders), others].into_iter().flatten().map(Senders::end).collect::<Vec<_>>();
    suffered.unwrap_or_else(|cause| resume_unwind(cause));
    heal(world);

    let journals: Vec<_> = ended
        .into_iter()
        .map(|ended| {
            let (summary, journal) = ended.unwrap_or_else(|error| panic!("the senders failed: {error}"));
            report.add(&summary);
            check_recovery(&journal, times, report);
            journal
        })
        .collect();
    match judge::verification(plan, &journals[0], world.kafka, &world.topics) {
        Ok(verification) => report.judge(&verification),
        Err(error) => report.problems.push(format!("the topics cannot be read: {error}")),
    }
    let fails = report.pushes - report.acknowledged_pushes + report.retried.values().sum::<u64>();
    if plan.faults.iter().all(|fault| fault.kind == Kind::AllBrokersDownShortly) && fails > 0 {
        report.problems.push(format!("{fails} attempts failed, and none may"));
    }
}

/// All faults, each at its time.
fn suffer(plan: &Plan, world: &World<'_>) {
    thread::scope(|scope| {
        let suffer = |fault: &'_ Fault| {
            thread::sleep(fault.start);
            world.suffer(fault);
        };
        let faults: Vec<_> = plan.faults.iter().map(|fault| scope.spawn(move || suffer(fault))).collect();
        // Joined by hand, so that the text of a panic is not lost.
        for fault in faults {
            fault.join().unwrap_or_else(|cause| resume_unwind(cause));
        }
    });
}

fn check_recovery(journal: &Journal, times: Times, report: &mut Report) {
    let recovery = judge::recovery(journal, times);
    report.recovery = report.recovery.max(recovery.first_acknowledged);
    report.last_failed = report.last_failed.max(recovery.last_failed);
    report.longest_gap = report.longest_gap.max(judge::longest_gap(journal, times));
    if recovery.first_acknowledged.is_none_or(|first| first > RECOVERY) {
        report.problems.push(format!("no push succeeded within {RECOVERY:?} after the faults"));
    }
    if let Some(last) = recovery.last_failed.filter(|last| *last > RECOVERY) {
        report.problems.push(format!("a push that was sent {last:?} after the faults failed"));
    }
}

/// Leaves the cluster as the next plan needs it.
fn heal(world: &World<'_>) {
    world.kafka.network().heal();
    world.wait_in_sync();
}

/// Writes down what a failure can be understood by, and gives the folder.
fn keep_evidence(report: &Report, settings: &Settings, world: &World<'_>) -> PathBuf {
    let folder = settings.evidence.join(format!("{}-{}", report.plan.kinds(), report.plan.seed));
    let written = fs::create_dir_all(&folder).and_then(|()| {
        fs::write(folder.join("report.txt"), format!("{}\n{report}\n", report.plan))?;
        fs::write(folder.join("gateway.log"), world.relay.log())?;
        for id in 0..BROKERS {
            fs::copy(world.kafka.broker(id).log_file(), folder.join(format!("broker-{id}.log")))?;
        }
        Ok(())
    });
    written.unwrap_or_else(|error| eprintln!("cannot keep logs in {}: {error}", folder.display()));
    folder
}

fn text(cause: &(dyn Any + Send)) -> String {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("a panic without a text").to_owned()
}
