//! The values that the vendor's interface names for its open sets, for code that looks at them and for labels
//! of metrics, which must be bounded.
//!
//! A value that is not here is relayed all the same. `WHATSAPP` is not in the vendor's text, which says only
//! "such as WEB", but is a channel of its product.

/// The channel of a web client.
pub const WEB: &str = "WEB";
/// The channel of WhatsApp.
pub const WHATSAPP: &str = "WHATSAPP";
/// The known values of `channel`.
pub const CHANNELS: [&str; 2] = [WEB, WHATSAPP];

/// A conversation begins.
pub const CONNECT: &str = "CONNECT";
/// Somebody says something.
pub const CHAT: &str = "CHAT";
/// A conversation ends.
pub const DISCONNECT: &str = "DISCONNECT";
/// A conversation goes over to a person.
pub const TRANS2AGENT: &str = "TRANS2AGENT";
/// Messages were read.
pub const READ: &str = "READ";
/// The known values of `controlType`.
pub const CONTROL_TYPES: [&str; 5] = [CONNECT, CHAT, DISCONNECT, TRANS2AGENT, READ];

/// Plain text.
pub const TEXT: &str = "TEXT";
/// The id of an image.
pub const IMAGE: &str = "IMAGE";
/// The id of a video.
pub const VIDEO: &str = "VIDEO";
/// The id of a sound.
pub const AUDIO: &str = "AUDIO";
/// A place.
pub const LOCATE: &str = "LOCATE";
/// The known values of `mediaType`.
pub const MEDIA_TYPES: [&str; 5] = [TEXT, IMAGE, VIDEO, AUDIO, LOCATE];

/// A person.
pub const AGENT: &str = "AGENT";
/// A robot.
pub const ROBOT: &str = "ROBOT";
/// The system itself.
pub const SYSTEM: &str = "SYSTEM";
/// The known values of `sourceType`.
pub const SOURCE_TYPES: [&str; 3] = [AGENT, ROBOT, SYSTEM];

/// The label for a value that is not known.
pub const OTHER: &str = "other";

/// The channel if it is one of [`CHANNELS`].
pub fn known_channel(value: &str) -> Option<&'static str> {
    known(&CHANNELS, value)
}

/// The control type if it is one of [`CONTROL_TYPES`].
pub fn known_control_type(value: &str) -> Option<&'static str> {
    known(&CONTROL_TYPES, value)
}

/// The media type if it is one of [`MEDIA_TYPES`].
pub fn known_media_type(value: &str) -> Option<&'static str> {
    known(&MEDIA_TYPES, value)
}

/// The source type if it is one of [`SOURCE_TYPES`].
pub fn known_source_type(value: &str) -> Option<&'static str> {
    known(&SOURCE_TYPES, value)
}

fn known(values: &[&'static str], value: &str) -> Option<&'static str> {
    values.iter().copied().find(|known| *known == value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_are_compared_exactly() {
        assert_eq!(known_channel("WHATSAPP"), Some("WHATSAPP"));
        assert_eq!(known_channel("web"), None);
        assert_eq!(known_control_type("TRANS2AGENT"), Some("TRANS2AGENT"));
        assert_eq!(known_media_type("LOCATE"), Some("LOCATE"));
        assert_eq!(known_media_type(""), None);
        assert_eq!(known_source_type("ROBOT"), Some("ROBOT"));
    }
}
