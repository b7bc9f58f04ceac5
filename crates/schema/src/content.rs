//! What the content of a message means, for those who consume it.

use std::fmt;

use crate::labels;
use crate::owned::OwnedContent;

/// Content by its meaning. `Debug` shows only which it is.
#[derive(Clone, PartialEq)]
pub enum Content {
    /// Text for the user: media type `TEXT`, or none.
    Text(String),
    /// `IMAGE`, `VIDEO` or `AUDIO`: what the vendor's `downloadFileStream` interface asks for.
    Resource {
        /// The id of the resource.
        id: String,
    },
    /// `LOCATE`.
    Location(Location),
    /// `READ`: the ids of the messages that were read.
    Read(Vec<String>),
    /// A media type that the vendor's interface does not name.
    Other(String),
}

/// A place.
#[derive(Clone, PartialEq)]
pub struct Location {
    /// Degrees north, from -90 to 90.
    pub latitude: f64,
    /// Degrees east, from -180 to 180.
    pub longitude: f64,
    /// In words; empty if there are none. It may hold slashes.
    pub description: String,
}

/// Why content does not have the form that its type asks for. Holds none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// An array, and the control type is not `READ`.
    #[error("content: an array, which only READ may have")]
    UnexpectedArray,
    /// `READ` has a string that begins like a JSON array and is not one of strings.
    #[error("content: not a JSON array of strings")]
    ReadList,
    /// A resource without an id.
    #[error("content: no resource id")]
    NoResourceId,
    /// A location without a slash.
    #[error("content: not of the form latitude/longitude/description")]
    LocationForm,
    /// Not a number of degrees.
    #[error("content: the latitude is not a number from -90 to 90")]
    Latitude,
    /// Not a number of degrees.
    #[error("content: the longitude is not a number from -180 to 180")]
    Longitude,
}

impl Content {
    /// Interprets content by the control type and media type that it came with.
    ///
    /// # Errors
    ///
    /// It does not have the form that these ask for.
    pub fn interpret(
        control_type: &str,
        media_type: Option<&str>,
        content: &OwnedContent,
    ) -> Result<Self, ContentError> {
        let text = match (control_type, content) {
            (labels::READ, content) => return read_list(content).map(Self::Read),
            (_, OwnedContent::Text(text)) => text,
            (_, OwnedContent::List(_)) => return Err(ContentError::UnexpectedArray),
        };
        match media_type {
            None | Some(labels::TEXT) => Ok(Self::Text(text.clone())),
            Some(labels::IMAGE | labels::VIDEO | labels::AUDIO) if text.is_empty() => {
                Err(ContentError::NoResourceId)
            }
            Some(labels::IMAGE | labels::VIDEO | labels::AUDIO) => Ok(Self::Resource { id: text.clone() }),
            Some(labels::LOCATE) => text.parse().map(Self::Location),
            Some(_) => Ok(Self::Other(text.clone())),
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(..)",
            Self::Resource { .. } => "Resource(..)",
            Self::Location(_) => "Location(..)",
            Self::Read(_) => "Read(..)",
            Self::Other(_) => "Other(..)",
        })
    }
}

/// `latitude/longitude/description`, split at the first two slashes.
impl std::str::FromStr for Location {
    type Err = ContentError;

    fn from_str(text: &str) -> Result<Self, ContentError> {
        let (latitude, rest) = text.split_once('/').ok_or(ContentError::LocationForm)?;
        let (longitude, description) = rest.split_once('/').unwrap_or((rest, ""));
        Ok(Self {
            latitude: degrees(latitude, 90.0).ok_or(ContentError::Latitude)?,
            longitude: degrees(longitude, 180.0).ok_or(ContentError::Longitude)?,
            description: description.to_owned(),
        })
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Location(..)")
    }
}

fn degrees(text: &str, limit: f64) -> Option<f64> {
    // A comparison with NaN is false, and infinities are beyond the limit.
    text.trim().parse().ok().filter(|degrees: &f64| degrees.abs() <= limit)
}

fn read_list(content: &OwnedContent) -> Result<Vec<String>, ContentError> {
    match content {
        OwnedContent::List(ids) => Ok(ids.clone()),
        OwnedContent::Text(text) if text.trim_start().starts_with('[') => {
            serde_json::from_str(text).map_err(|_| ContentError::ReadList)
        }
        OwnedContent::Text(text) => {
            Ok(text.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect())
        }
    }
}
