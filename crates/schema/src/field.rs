//! The fields of a message that the vendor's interface names.

use std::fmt;

macro_rules! fields {
    ($($field:ident = $name:literal,)*) => {
        /// A field of a message (vendor's "Message Push Interface Specifications", table 3, and `callId`
        /// from its example).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the names are the vendor's")]
        pub enum Field {
            $($field,)*
        }

        impl Field {
            /// All of them; a field's place here is its discriminant.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$field),*];

            /// The name in JSON.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$field => $name,)*
                }
            }

            /// The field of this name, compared exactly.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$field),)*
                    _ => None,
                }
            }
        }
    };
}

fields! {
    Channel = "channel",
    From = "from",
    To = "to",
    SourceType = "sourceType",
    ControlType = "controlType",
    Timestamp = "timestamp",
    Content = "content",
    MediaType = "mediaType",
    SenderNickname = "senderNickname",
    SimQuestions = "simQuestions",
    CallId = "callId",
    MessageCode = "messageCode",
    IsOfflineStatus = "isOfflineStatus",
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
