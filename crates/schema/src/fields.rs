//! Collects the fields of one message in a single pass, with the first rule about its form that it breaks.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::field::Field;
use crate::nesting::Container;
use crate::number::Number;
use crate::scanner::{Scanner, SyntaxError, Token};
use crate::string::JsonString;
use crate::violation::{Rule, Violation};

/// The value of a field, as far as a rule asks for it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Null,
    Bool,
    Number(Number<'a>),
    String(JsonString<'a>),
    /// An array whose elements are all strings.
    Strings,
    /// Any other array or object.
    Other,
}

/// What a message holds.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a> {
    values: [Option<Value<'a>>; Field::ALL.len()],
    repeated: [bool; Field::ALL.len()],
    /// The first rule broken that is not about one field's own type or length.
    pub(crate) violation: Option<Violation>,
}

impl<'a> Fields<'a> {
    /// Reads a whole value of any type, as the message it should be.
    pub(crate) fn read(scanner: &mut Scanner<'a>) -> Result<Self, SyntaxError> {
        let mut fields = Self::default();
        match scanner.token()? {
            Token::Open(Container::Object) => fields.read_object(scanner)?,
            other => {
                scanner.skip(other)?;
                fields.blame(None, Rule::NotAnObject);
            }
        }
        Ok(fields)
    }

    pub(crate) fn get(&self, field: Field) -> Option<Value<'a>> {
        self.values[field as usize]
    }

    /// The text of a field that is there once and is a string with something in it.
    pub(crate) fn usable(&self, field: Field) -> Option<Cow<'a, str>> {
        match self.get(field) {
            Some(Value::String(string)) if !self.repeated[field as usize] => {
                string.decode().filter(|text| !text.is_empty())
            }
            _ => None,
        }
    }

    fn read_object(&mut self, scanner: &mut Scanner<'a>) -> Result<(), SyntaxError> {
        let mut others = Names::default();
        let mut first = true;
        while let Some(key) = scanner.next_key(first)? {
            first = false;
            let Some(name) = key.decode() else {
                self.blame(None, Rule::UnpairedSurrogate);
                self.read_value(scanner, None)?;
                continue;
            };
            let field = Field::from_name(&name);
            let fresh = match field {
                Some(field) => self.get(field).is_none(),
                None => others.insert(name),
            };
            if !fresh {
                self.blame(field, Rule::Duplicate);
            }
            let value = self.read_value(scanner, field)?;
            if let Some(field) = field {
                self.repeated[field as usize] |= !fresh;
                self.values[field as usize] = Some(value);
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn read_value(
        &mut self,
        scanner: &mut Scanner<'a>,
        field: Option<Field>,
    ) -> Result<Value<'a>, SyntaxError> {
        Ok(match scanner.token()? {
            Token::Null => Value::Null,
            Token::Bool => Value::Bool,
            Token::Number(number) => {
                if number.overflows() {
                    self.blame(field, Rule::NumberOverflow);
                }
                Value::Number(number)
            }
            Token::String(string) => {
                if string.unpaired() {
                    self.blame(field, Rule::UnpairedSurrogate);
                }
                Value::String(string)
            }
            Token::Open(container) => {
                let skipped = scanner.skip_rest(container)?;
                // The message itself is the first level.
                if skipped.levels + 1 > Rule::MAX_LEVELS {
                    self.blame(field, Rule::TooDeep);
                }
                if skipped.overflow {
                    self.blame(field, Rule::NumberOverflow);
                }
                if skipped.unpaired {
                    self.blame(field, Rule::UnpairedSurrogate);
                }
                if skipped.only_strings { Value::Strings } else { Value::Other }
            }
        })
    }

    fn blame(&mut self, field: Option<Field>, rule: Rule) {
        self.violation.get_or_insert(Violation { field, rule });
    }
}

/// The names of fields that the interface does not know. Most messages have none, a few have one or two; a set
/// only where comparing each with each would cost more, so that a hostile message is not quadratic.
#[derive(Debug, Default)]
struct Names<'a> {
    few: Vec<Cow<'a, str>>,
    many: HashSet<Cow<'a, str>>,
}

impl<'a> Names<'a> {
    const FEW: usize = 16;

    /// Whether the name is new.
    fn insert(&mut self, name: Cow<'a, str>) -> bool {
        if self.many.is_empty() {
            if self.few.contains(&name) {
                return false;
            }
            if self.few.len() < Self::FEW {
                self.few.push(name);
                return true;
            }
            self.many.extend(self.few.drain(..));
        }
        self.many.insert(name)
    }
}
