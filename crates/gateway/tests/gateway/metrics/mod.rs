//! `/metrics` and the log after some traffic.

mod discretion;
mod exposition;
mod traffic;
