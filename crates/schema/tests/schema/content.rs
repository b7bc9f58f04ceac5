//! Typed content, as consumers get it.

use aicc_schema::content::{Content, ContentError, Location};
use aicc_schema::{OwnedContent, OwnedMessage};
use proptest::prelude::*;

fn chat(media_type: &str, text: &str) -> Result<Content, ContentError> {
    Content::interpret("CHAT", Some(media_type), &text.into())
}

fn read(content: impl Into<OwnedContent>) -> Result<Vec<String>, ContentError> {
    match Content::interpret("READ", None, &content.into())? {
        Content::Read(ids) => Ok(ids),
        other => panic!("{other:?}"),
    }
}

fn location(latitude: f64, longitude: f64, description: &str) -> Content {
    Content::Location(Location { latitude, longitude, description: description.to_owned() })
}

#[test]
fn text_is_text_whatever_the_control_type() {
    assert_eq!(chat("TEXT", "Hello"), Ok(Content::Text("Hello".to_owned())));
    assert_eq!(chat("TEXT", ""), Ok(Content::Text(String::new())));
    for media_type in [Some("TEXT"), None] {
        let content = Content::interpret("DISCONNECT", media_type, &"{TIPS}".into());
        assert_eq!(content, Ok(Content::Text("{TIPS}".to_owned())));
    }
}

#[test]
fn images_videos_and_sounds_are_resource_ids() {
    for media_type in ["IMAGE", "VIDEO", "AUDIO"] {
        assert_eq!(chat(media_type, "a/b,c"), Ok(Content::Resource { id: "a/b,c".to_owned() }));
        assert_eq!(chat(media_type, ""), Err(ContentError::NoResourceId));
    }
}

#[test]
fn a_media_type_that_is_not_known_is_handed_over_as_it_is() {
    assert_eq!(chat("STICKER", "7"), Ok(Content::Other("7".to_owned())));
    assert_eq!(chat("image", "7"), Ok(Content::Other("7".to_owned())));
}

#[test]
fn a_location_is_split_at_its_first_two_slashes() {
    assert_eq!(
        chat("LOCATE", "48.1/11.5/Marienplatz 1/2, 80331/"),
        Ok(location(48.1, 11.5, "Marienplatz 1/2, 80331/"))
    );
    assert_eq!(chat("LOCATE", " -90 / +180 /"), Ok(location(-90.0, 180.0, "")));
    assert_eq!(chat("LOCATE", "90/-180"), Ok(location(90.0, -180.0, "")));
}

#[test]
fn a_location_that_is_none_is_an_error() {
    for text in ["", "48.1", "Marienplatz"] {
        assert_eq!(chat("LOCATE", text), Err(ContentError::LocationForm));
    }
    for latitude in ["", "north", "90.1", "-91", "NaN", "inf", "-infinity", "1e400", "48,1"] {
        assert_eq!(chat("LOCATE", &format!("{latitude}/11/x")), Err(ContentError::Latitude), "{latitude}");
    }
    for longitude in ["", "east", "180.1", "NaN", "-inf"] {
        assert_eq!(chat("LOCATE", &format!("48/{longitude}/x")), Err(ContentError::Longitude), "{longitude}");
    }
}

#[test]
fn a_read_is_an_array_a_list_with_commas_or_an_array_in_a_string() {
    assert_eq!(read(vec!["m 1".to_owned(), "m,2".to_owned()]), Ok(vec!["m 1".to_owned(), "m,2".to_owned()]));
    for text in ["m1,m2", " m1 ,\tm2 ", "m1,,m2,", r#"["m1","m2"]"#, r#" [ "m1" , "\u006d2" ] "#] {
        assert_eq!(read(text), Ok(vec!["m1".to_owned(), "m2".to_owned()]), "{text}");
    }
    for text in ["", " ", ",", "[]"] {
        assert_eq!(read(text), Ok(vec![]), "{text}");
    }
    for text in ["[", "[1]", "[m1,m2]", r#"["m1",null]"#, r#"["m1"] x"#, r#"["\ud800"]"#] {
        assert_eq!(read(text), Err(ContentError::ReadList), "{text}");
    }
}

#[test]
fn only_a_read_may_be_an_array() {
    let list = OwnedContent::List(vec!["m1".to_owned()]);
    assert_eq!(Content::interpret("CHAT", Some("TEXT"), &list), Err(ContentError::UnexpectedArray));
}

#[test]
fn a_message_without_content_has_none() {
    assert_eq!(OwnedMessage::default().typed_content(), Ok(None));
}

#[test]
fn debug_output_shows_no_content() {
    let read = Content::interpret("READ", None, &"77".into());
    for content in
        [chat("TEXT", "77"), chat("IMAGE", "77"), chat("LOCATE", "77/77/77"), chat("X", "77"), read]
    {
        assert!(!format!("{:?}", content.unwrap()).contains("77"));
    }
    let place: Location = "77/77/77".parse().unwrap();
    assert!(!format!("{place:?} {:?}", OwnedContent::from("77")).contains("77"));
}

proptest! {
    #[test]
    fn no_content_makes_it_panic(
        control_type in "CHAT|READ|X",
        media_type in prop::option::of("TEXT|IMAGE|LOCATE|X"),
        text in r#"[\[\]"/,.0-9e\- \\]{0,12}|.{0,12}"#,
    ) {
        let _ = Content::interpret(&control_type, media_type.as_deref(), &text.into());
    }

    #[test]
    fn every_place_on_earth_comes_back(
        latitude in -90.0..=90.0, longitude in -180.0..=180.0, description in ".{0,12}",
    ) {
        let content = chat("LOCATE", &format!("{latitude}/{longitude}/{description}"));
        prop_assert_eq!(content, Ok(location(latitude, longitude, &description)));
    }
}
