//! The fault campaign as a command.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use aicc_testkit::campaign::{Campaign, Kind, Plan, Report, Settings, obstacle, plans, table};
use aicc_testkit::{GatewayProcess, gateway_binary};
use clap::Parser;

/// Faults of the short form: what happens most, and what harms most.
const SHORT: [Kind; 5] =
    [Kind::BrokerKill, Kind::CutFromOneBroker, Kind::AllBrokersDownShortly, Kind::Resets, Kind::GatewayKill];

/// Proves on three real brokers that no fault loses, repeats or reorders an acknowledged message.
///
/// Runs seeded plans, one after the other: each kind of fault alone, then pairs of them, under load. A plan that fails
/// prints the command that repeats it. Ends with a table in Markdown.
#[derive(Debug, Parser)]
#[command(name = "faults")]
struct Arguments {
    /// Decides every plan [default: random]
    #[arg(long)]
    seed: Option<u64>,
    /// The kinds of faults to choose from, separated by commas [default: all]
    #[arg(long, value_delimiter = ',')]
    kinds: Vec<Kind>,
    /// Runs one plan alone, of this kind or these two (broker-kill+resets), drawn from --seed
    #[arg(
        long,
        value_delimiter = '+',
        conflicts_with_all = ["kinds", "short", "plans", "minutes", "messages"]
    )]
    plan: Vec<Kind>,
    /// Five kinds in a few minutes
    #[arg(long, conflicts_with = "kinds")]
    short: bool,
    /// Only pairs of faults
    #[arg(long)]
    pairs: bool,
    /// Ends after so many plans [default: each kind once]
    #[arg(long)]
    plans: Option<usize>,
    /// Begins no plan later than this
    #[arg(long)]
    minutes: Option<u64>,
    /// Ends after so many acknowledged messages
    #[arg(long)]
    messages: Option<u64>,
    /// Messages a second
    #[arg(long, default_value_t = 1000.0)]
    rate: f64,
    /// The gateway to test [default: the one of this repository, built now]
    #[arg(long)]
    gateway: Option<PathBuf>,
    /// Names a deliberate defect to a gateway that was built with some (`GATEWAY_DEFECT`): the run succeeds if a plan
    /// fails by what the topics hold
    #[arg(long)]
    defect: Option<String>,
    /// Where the table is written to, beside standard output
    #[arg(long)]
    report: Option<PathBuf>,
    /// Where the logs of plans that fail are kept
    #[arg(long, default_value = "target/faults")]
    evidence: PathBuf,
    /// Lists the kinds of faults
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.list {
        Kind::ALL.iter().for_each(|kind| println!("{kind}"));
        return ExitCode::SUCCESS;
    }
    let seed = arguments.seed.unwrap_or_else(rand::random);
    println!("seed {seed}");
    let binary = arguments.gateway.clone().unwrap_or_else(|| gateway_binary().to_owned());
    let gateway = GatewayProcess::builder(binary);
    let campaign = Campaign::new(Settings {
        gateway: match &arguments.defect {
            Some(defect) => gateway.env("GATEWAY_DEFECT", defect),
            None => gateway,
        },
        rate: arguments.rate,
        evidence: arguments.evidence.clone(),
    });
    let (kinds, skipped) = possible(kinds(&arguments));
    print!("{skipped}");
    let reports = if kinds.is_empty() {
        Vec::new()
    } else if arguments.plan.is_empty() {
        let count = match (arguments.plans, arguments.minutes, arguments.messages) {
            (Some(count), _, _) => count,
            (None, None, None) => kinds.len(),
            (None, _, _) => usize::MAX,
        };
        let alone = if arguments.pairs { kinds.len() } else { 0 };
        run(campaign, plans(seed, kinds).skip(alone).take(count), &arguments)
    } else {
        run(campaign, std::iter::once(Plan::draw(seed, &kinds)), &arguments)
    };
    let table =
        format!("Seed {seed}, {} messages a second.\n\n{}\n{skipped}", arguments.rate, table(&reports));
    println!("\n{table}");
    if let Some(file) = &arguments.report
        && let Err(error) = fs::write(file, &table)
    {
        eprintln!("faults: cannot write {}: {error}", file.display());
        return ExitCode::FAILURE;
    }
    let as_wanted = match &arguments.defect {
        Some(defect) => {
            let caught = reports.iter().any(|report| !report.violations.is_empty());
            println!("The defect {defect} was {}.", if caught { "caught" } else { "NOT caught" });
            caught
        }
        None => !reports.is_empty() && reports.iter().all(Report::passed),
    };
    if as_wanted { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The kinds that were asked for.
fn kinds(arguments: &Arguments) -> Vec<Kind> {
    match arguments {
        Arguments { plan, .. } if !plan.is_empty() => plan.clone(),
        Arguments { short: true, .. } => SHORT.to_vec(),
        Arguments { kinds, .. } if !kinds.is_empty() => kinds.clone(),
        _ => Kind::ALL.to_vec(),
    }
}

/// Sorts out what cannot be had here, and says so.
fn possible(kinds: Vec<Kind>) -> (Vec<Kind>, String) {
    let mut skipped = String::new();
    let possible = |kind: &Kind| match obstacle(*kind) {
        Some(reason) => {
            // A String takes it.
            let _ = writeln!(skipped, "Skipped: {kind}: {reason}.");
            false
        }
        None => true,
    };
    (kinds.into_iter().filter(possible).collect(), skipped)
}

fn run(mut campaign: Campaign, plans: impl Iterator<Item = Plan>, arguments: &Arguments) -> Vec<Report> {
    let begin = Instant::now();
    let time = arguments.minutes.map(|minutes| Duration::from_secs(minutes * 60));
    let mut reports: Vec<Report> = Vec::new();
    for (number, plan) in plans.enumerate() {
        let messages = reports.iter().map(|report| report.acknowledged_messages).sum::<u64>();
        let is_over = time.is_some_and(|time| begin.elapsed() >= time)
            || arguments.messages.is_some_and(|enough| messages >= enough);
        if is_over {
            break;
        }
        println!("plan {}, {} s, {messages} messages: {plan}", number + 1, begin.elapsed().as_secs());
        let report = campaign.run(&plan);
        println!("  {report}");
        reports.push(report);
    }
    reports
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_takes_pairs_and_lists() {
        Arguments::command().debug_assert();
        let parse = |line: &str| Arguments::try_parse_from(line.split(' '));
        let pair = parse("faults --plan broker-kill+resets --seed 7").unwrap();
        assert_eq!(kinds(&pair), [Kind::BrokerKill, Kind::Resets]);
        let list = parse("faults --kinds delay,resets --minutes 3").unwrap();
        assert_eq!(kinds(&list), [Kind::Delay, Kind::Resets]);
        assert_eq!(kinds(&parse("faults").unwrap()), Kind::ALL);
        assert!(parse("faults --plan delay --short").is_err());
        assert!(parse("faults --kinds delays").is_err());
    }
}
