//! The kinds of faults.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A broker is killed (SIGKILL) and started again.
    BrokerKill,
    /// A broker is paused (SIGSTOP) and resumed.
    BrokerPause,
    /// A broker is stopped in order and started again.
    BrokerRestart,
    /// Every broker is restarted, one after the other.
    RollingRestart,
    /// The active controller is killed and started again.
    ControllerKill,
    /// Two of three brokers are killed and started again.
    TwoBrokersDown,
    /// All brokers are paused for 5 s. No push may fail.
    AllBrokersDownShortly,
    /// All brokers are killed for longer than `kafka.publish_timeout`.
    AllBrokersDown,
    /// The network between the gateway and one broker is cut.
    CutFromOneBroker,
    /// The network between the gateway and every broker is cut.
    CutFromAllBrokers,
    /// Nothing gets from the gateway to one broker, but back.
    CutToBroker,
    /// Nothing gets from one broker to the gateway, but back.
    CutToGateway,
    /// What goes between the gateway and the brokers is delayed, with jitter.
    Delay,
    /// The gateway's connections to the brokers are reset, again and again.
    Resets,
    /// The network between one broker and the others is cut, but not that to the gateway.
    CutBetweenBrokers,
    /// A broker's disk takes no more.
    FullDisk,
    /// A topic is deleted and created again.
    TopicDeleted,
    /// The gateway may not write to a topic.
    AclTakenAway,
    /// `min.insync.replicas` is raised above the replicas that are there.
    TooFewReplicas,
    /// A topic's `max.message.bytes` is lowered.
    RecordTooLarge,
    /// The gateway's clock jumps by some minutes, and back.
    ClockJump,
    /// The gateway is stopped in order (SIGTERM) and started again.
    GatewayTerm,
    /// The gateway is killed (SIGKILL) and started again.
    GatewayKill,
    /// The gateway is paused (SIGSTOP) and resumed.
    GatewayPause,
    /// A broker is paused, and senders give up after less time than its failover takes, and try again.
    ClientTimeouts,
    /// Senders hang up in the middle of requests, and try again.
    ClientDisconnects,
}

/// What a fault harms. Two at the same time harm different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Realm {
    Brokers,
    GatewaysNetwork,
    BrokersNetwork,
    Topics,
    Gateway,
    Senders,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 26] = [
        Self::BrokerKill,
        Self::BrokerPause,
        Self::BrokerRestart,
        Self::RollingRestart,
        Self::ControllerKill,
        Self::TwoBrokersDown,
        Self::AllBrokersDownShortly,
        Self::AllBrokersDown,
        Self::CutFromOneBroker,
        Self::CutFromAllBrokers,
        Self::CutToBroker,
        Self::CutToGateway,
        Self::Delay,
        Self::Resets,
        Self::CutBetweenBrokers,
        Self::FullDisk,
        Self::TopicDeleted,
        Self::AclTakenAway,
        Self::TooFewReplicas,
        Self::RecordTooLarge,
        Self::ClockJump,
        Self::GatewayTerm,
        Self::GatewayKill,
        Self::GatewayPause,
        Self::ClientTimeouts,
        Self::ClientDisconnects,
    ];

    /// Its name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::BrokerKill => "broker-kill",
            Self::BrokerPause => "broker-pause",
            Self::BrokerRestart => "broker-restart",
            Self::RollingRestart => "rolling-restart",
            Self::ControllerKill => "controller-kill",
            Self::TwoBrokersDown => "two-brokers-down",
            Self::AllBrokersDownShortly => "all-brokers-down-5s",
            Self::AllBrokersDown => "all-brokers-down",
            Self::CutFromOneBroker => "cut-from-one-broker",
            Self::CutFromAllBrokers => "cut-from-all-brokers",
            Self::CutToBroker => "cut-to-broker",
            Self::CutToGateway => "cut-to-gateway",
            Self::Delay => "delay",
            Self::Resets => "resets",
            Self::CutBetweenBrokers => "cut-between-brokers",
            Self::FullDisk => "full-disk",
            Self::TopicDeleted => "topic-deleted",
            Self::AclTakenAway => "acl-taken-away",
            Self::TooFewReplicas => "too-few-replicas",
            Self::RecordTooLarge => "record-too-large",
            Self::ClockJump => "clock-jump",
            Self::GatewayTerm => "gateway-term",
            Self::GatewayKill => "gateway-kill",
            Self::GatewayPause => "gateway-pause",
            Self::ClientTimeouts => "client-timeouts",
            Self::ClientDisconnects => "client-disconnects",
        }
    }

    pub(super) fn realm(self) -> Realm {
        match self {
            Self::BrokerKill
            | Self::BrokerPause
            | Self::BrokerRestart
            | Self::RollingRestart
            | Self::ControllerKill
            | Self::TwoBrokersDown
            | Self::AllBrokersDownShortly
            | Self::AllBrokersDown
            | Self::FullDisk
            | Self::TooFewReplicas
            | Self::ClientTimeouts => Realm::Brokers,
            Self::CutFromOneBroker
            | Self::CutFromAllBrokers
            | Self::CutToBroker
            | Self::CutToGateway
            | Self::Delay
            | Self::Resets => Realm::GatewaysNetwork,
            Self::CutBetweenBrokers => Realm::BrokersNetwork,
            Self::TopicDeleted | Self::AclTakenAway | Self::RecordTooLarge => Realm::Topics,
            Self::ClockJump | Self::GatewayTerm | Self::GatewayKill | Self::GatewayPause => Realm::Gateway,
            Self::ClientDisconnects => Realm::Senders,
        }
    }

    /// Whether it happens to one broker that the plan names.
    pub(super) fn has_target(self) -> bool {
        matches!(
            self,
            Self::BrokerKill
                | Self::BrokerPause
                | Self::BrokerRestart
                | Self::TwoBrokersDown
                | Self::FullDisk
                | Self::TooFewReplicas
                | Self::CutFromOneBroker
                | Self::CutToBroker
                | Self::CutToGateway
                | Self::CutBetweenBrokers
                | Self::ClientTimeouts
        )
    }

    /// How long it lasts at least and at most, where nothing else fixes it.
    pub(super) fn duration(self) -> (Duration, Duration) {
        let seconds = |from, to| (Duration::from_secs(from), Duration::from_secs(to));
        match self {
            Self::AllBrokersDownShortly => seconds(5, 5),
            Self::AllBrokersDown | Self::CutFromAllBrokers => seconds(8, 15),
            Self::GatewayPause | Self::GatewayTerm | Self::GatewayKill => seconds(1, 5),
            _ => seconds(4, 12),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// There is no kind of that name.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownKind(String);

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Kind::ALL.map(Kind::name).into();
        write!(f, "there is no kind `{}`; the kinds are: {}", self.0, names.join(", "))
    }
}

impl std::error::Error for UnknownKind {}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| UnknownKind(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in Kind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        let error = "broker-kil".parse::<Kind>().unwrap_err().to_string();
        assert!(error.contains("`broker-kil`") && error.contains("broker-kill"), "{error}");
    }
}
