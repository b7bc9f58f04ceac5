//! A relay that keeps its promise, as a random walk: senders, a network, a window of known batches, a producer, and
//! everything that can happen to them. What it leaves is a correct history.

use std::collections::HashMap;

use rand::Rng as _;
use rand::seq::IteratorRandom as _;

use super::*;

/// What decides a walk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) users: u32,
    pub(super) messages: u64,
    pub(super) connections: usize,
    /// How often a push is sent again.
    pub(super) retries: usize,
    /// Whether repeated batches are known.
    pub(super) dedup: bool,
}

/// What a walk leaves.
#[derive(Debug)]
pub(super) struct Walked {
    pub(super) journal: Journal,
    pub(super) log: Vec<Stored>,
}

/// A push and the number of an attempt.
type Request = (usize, usize);

/// A batch that the relay knows.
enum Batch {
    InFlight {
        /// Whoever waits for the outcome; the first one published.
        waiting: Vec<Request>,
        /// Records in the producer.
        left: usize,
        landed: usize,
        failed: bool,
    },
    Acknowledged,
}

struct Walk {
    plan: Plan,
    rng: StdRng,
    now: u64,
    users: Arc<Users>,
    pushes: Vec<Push>,
    next: usize,
    /// The push of each connection, its attempts, and when the present one was sent.
    connections: Vec<Option<(usize, Vec<Attempt>, u64)>>,
    network: Vec<Request>,
    /// By push and, if repeated batches are not known, by attempt.
    batches: HashMap<Request, Batch>,
    /// In the order of publishing.
    producer: Vec<(Request, Stored)>,
    log: Vec<Stored>,
    journal: Journal,
}

pub(super) fn walk(plan: Plan) -> Walked {
    let (users, pushes) = pushes(plan.users, "WEB=2,LINE=1", "1-4", plan.messages, plan.seed);
    let mut walk = Walk {
        plan,
        rng: StdRng::seed_from_u64(plan.seed),
        now: 0,
        journal: journal(&users),
        users,
        pushes,
        next: 0,
        connections: vec![None; plan.connections],
        network: Vec::new(),
        batches: HashMap::new(),
        producer: Vec::new(),
        log: Vec::new(),
    };
    while walk.next < walk.pushes.len() || walk.connections.iter().any(Option::is_some) {
        walk.step();
    }
    // What is still on its way may go on.
    for _ in 0..walk.rng.random_range(0..50) {
        walk.step();
    }
    walk.journal.sort();
    Walked { journal: walk.journal, log: walk.log }
}

impl Walk {
    fn step(&mut self) {
        match self.rng.random_range(0..1_000) {
            0..250 => self.send_next(),
            250..550 => self.arrive(),
            550..940 => self.land(),
            940..955 => self.expire(),
            955..975 => self.reach_deadline(),
            975..990 => self.give_up(),
            990..996 => drop(self.take_from_network()),
            _ => self.crash(),
        }
    }

    fn tick(&mut self) -> u64 {
        self.now += 1;
        self.now
    }

    fn send_next(&mut self) {
        let Some(idle) = self.connections.iter().position(Option::is_none) else { return };
        if self.next < self.pushes.len() {
            self.connections[idle] = Some((self.next, Vec::new(), self.tick()));
            self.network.push((self.next, 0));
            self.next += 1;
        }
    }

    fn take_from_network(&mut self) -> Option<Request> {
        let at = (0..self.network.len()).choose(&mut self.rng)?;
        Some(self.network.swap_remove(at))
    }

    fn arrive(&mut self) {
        let Some(request) = self.take_from_network() else { return };
        if self.rng.random_ratio(1, 10) {
            return self.answer(request, REFUSED);
        }
        match self.batches.get_mut(&self.key(request)) {
            Some(Batch::Acknowledged) => self.answer(request, OK),
            Some(Batch::InFlight { waiting, .. }) => waiting.push(request),
            None => self.publish(vec![request]),
        }
    }

    fn key(&self, (push, attempt): Request) -> Request {
        (push, if self.plan.dedup { 0 } else { attempt })
    }

    /// Publishes the batch for the first of those who wait for it.
    fn publish(&mut self, waiting: Vec<Request>) {
        let request = waiting[0];
        let attempt = request.1.try_into().unwrap();
        let records = records(&self.users, &self.pushes[request.0], attempt);
        let batch = Batch::InFlight { waiting, left: records.len(), landed: 0, failed: false };
        self.batches.insert(self.key(request), batch);
        self.producer.extend(records.into_iter().map(|record| (request, record)));
    }

    /// One record becomes durable: of its partition, the one that was published first.
    fn land(&mut self) {
        let Some((_, any)) = self.producer.iter().choose(&mut self.rng) else { return };
        let place = (any.topic.clone(), any.partition);
        let first =
            self.producer.iter().position(|(_, one)| (&one.topic, one.partition) == (&place.0, place.1));
        let (request, record) = self.producer.remove(first.unwrap());
        self.log.push(record);
        self.report(request, true);
    }

    /// One record is given up by the producer.
    fn expire(&mut self) {
        let Some(at) = (0..self.producer.len()).choose(&mut self.rng) else { return };
        let (request, _) = self.producer.remove(at);
        self.report(request, false);
    }

    /// The producer reports a record's outcome; the last report of a batch settles it.
    fn report(&mut self, request: Request, durable: bool) {
        let key = self.key(request);
        let Some(Batch::InFlight { left, landed, failed, .. }) = self.batches.get_mut(&key) else {
            panic!("a record in the producer is of a batch in flight")
        };
        *left -= 1;
        *landed += usize::from(durable);
        *failed |= !durable;
        if *left > 0 {
            return;
        }
        let Some(Batch::InFlight { waiting, landed, failed, .. }) = self.batches.remove(&key) else { return };
        if !failed {
            self.batches.insert(key, Batch::Acknowledged);
            return waiting.into_iter().for_each(|request| self.answer(request, OK));
        }
        // Whoever published may have had an answer; all others who wait are repetitions.
        let (published, repetitions): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|one| *one == request);
        for request in published {
            self.answer(request, if landed == 0 { REFUSED } else { UNKNOWN });
        }
        if !repetitions.is_empty() {
            self.publish(repetitions);
        }
    }

    /// Somebody has waited for too long.
    fn reach_deadline(&mut self) {
        let in_flight = self.batches.values_mut().filter_map(|batch| match batch {
            Batch::InFlight { waiting, .. } if !waiting.is_empty() => Some(waiting),
            _ => None,
        });
        let Some(waiting) = in_flight.min_by_key(|waiting| waiting[0]) else { return };
        let request = waiting.remove(0);
        self.answer(request, UNKNOWN);
    }

    /// A sender hears no answer: it is lost, late, or not waited for.
    fn give_up(&mut self) {
        let Some((push, attempts, _)) = self.connections.iter().flatten().choose(&mut self.rng) else {
            return;
        };
        let request = (*push, attempts.len());
        let outcomes = [Outcome::TimedOut, Outcome::Aborted, Outcome::ConnectionLost];
        let outcome = outcomes[self.rng.random_range(0..outcomes.len())];
        self.answer(request, outcome);
    }

    /// The relay starts again: it knows nothing any more, and of its records only those lie there that did before, or
    /// that were on their way.
    fn crash(&mut self) {
        for (_, record) in std::mem::take(&mut self.producer) {
            if self.rng.random_ratio(1, 2) {
                self.log.push(record);
            }
        }
        let mut unanswered = Vec::new();
        for batch in std::mem::take(&mut self.batches).into_values() {
            if let Batch::InFlight { waiting, .. } = batch {
                unanswered.extend(waiting);
            }
        }
        // A map has no order that a seed could repeat.
        unanswered.sort_unstable();
        for request in unanswered {
            self.answer(request, Outcome::ConnectionLost);
        }
    }

    /// Ends the attempt, if its sender still waits, and sends the push again if that may help.
    fn answer(&mut self, request: Request, outcome: Outcome) {
        let waits = |connection: &&mut Option<(usize, Vec<Attempt>, u64)>| {
            connection.as_ref().is_some_and(|(push, attempts, _)| (*push, attempts.len()) == request)
        };
        let answered = self.tick();
        let again = self.tick();
        let Some(connection) = self.connections.iter_mut().find(waits) else { return };
        let Some((push, mut attempts, sent)) = connection.take() else { return };
        attempts.push(attempt(sent, answered, outcome));
        if outcome.retryable() && attempts.len() <= self.plan.retries {
            self.network.push((push, attempts.len()));
            *connection = Some((push, attempts, again));
        } else {
            self.journal.record(&self.pushes[push], &attempts);
        }
    }
}
