//! A scanner for JSON text (RFC 8259): one token at a time, borrowed from the text, without recursion.
//!
//! `serde_json` is not used here because the rules differ per message: its decoder refuses the whole text for
//! a lone surrogate in one string, and its `RawValue` would need a second pass to find one.

use crate::nesting::{Container, Nesting};
use crate::number::{self, Number};
use crate::string::{self, JsonString};

/// Why a text is not JSON, and the byte at which that shows. Never holds any of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) offset: usize,
    pub(crate) problem: &'static str,
}

/// A value, or for an array or object its beginning.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Token<'a> {
    Null,
    Bool,
    Number(Number<'a>),
    String(JsonString<'a>),
    /// The bracket has been read; what follows is up to the caller.
    Open(Container),
}

/// What was seen while skipping an array or object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Skipped {
    /// Levels of nesting, the container itself being the first.
    pub(crate) levels: usize,
    /// A number overflows a double.
    pub(crate) overflow: bool,
    /// A key or string holds an unpaired surrogate escape.
    pub(crate) unpaired: bool,
    /// It is an array, and all of its elements are strings.
    pub(crate) only_strings: bool,
}

/// A position in a JSON text.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    offset: usize,
    nesting: Nesting,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, offset: 0, nesting: Nesting::default() }
    }

    /// Bytes read so far.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// The text from `start`, an offset taken before, to here.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.offset]
    }

    /// Skips whitespace, then reads a scalar or the opening bracket of a container.
    #[inline(always)]
    pub(crate) fn token(&mut self) -> Result<Token<'a>, SyntaxError> {
        match self.peek() {
            Some(b'"') => self.string().map(Token::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Token::Number),
            Some(b'{') => Ok(self.open(Container::Object)),
            Some(b'[') => Ok(self.open(Container::Array)),
            Some(b'n') => self.literal("null", Token::Null),
            Some(b't') => self.literal("true", Token::Bool),
            Some(b'f') => self.literal("false", Token::Bool),
            _ => Err(self.error("expected a value")),
        }
    }

    /// Inside an object: the next field's name, with its colon read, or `None` at the object's end.
    #[inline(always)]
    pub(crate) fn next_key(&mut self, first: bool) -> Result<Option<JsonString<'a>>, SyntaxError> {
        if !self.next_item(first, b'}', "expected a comma or the end of the object")? {
            return Ok(None);
        }
        if self.peek() != Some(b'"') {
            return Err(self.error("expected the name of a field"));
        }
        let key = self.string()?;
        if self.peek() != Some(b':') {
            return Err(self.error("expected a colon"));
        }
        self.offset += 1;
        Ok(Some(key))
    }

    /// Inside an array: whether there is another element, or its end, which is then read.
    pub(crate) fn next_element(&mut self, first: bool) -> Result<bool, SyntaxError> {
        self.next_item(first, b']', "expected a comma or the end of the array")
    }

    /// Reads the rest of a container whose opening bracket has been read, however deep it is.
    pub(crate) fn skip_rest(&mut self, container: Container) -> Result<Skipped, SyntaxError> {
        let mut skipped = Skipped {
            levels: 1,
            overflow: false,
            unpaired: false,
            only_strings: container == Container::Array,
        };
        self.nesting.push(container);
        let mut first = true;
        while let Some(innermost) = self.nesting.innermost() {
            let more = match innermost {
                Container::Array => self.next_element(first)?,
                Container::Object => {
                    let key = self.next_key(first)?;
                    skipped.unpaired |= key.is_some_and(|key| key.unpaired());
                    key.is_some()
                }
            };
            first = false;
            if !more {
                self.nesting.pop();
                continue;
            }
            let token = self.token()?;
            skipped.only_strings &= matches!(token, Token::String(_));
            match token {
                Token::String(string) => skipped.unpaired |= string.unpaired(),
                Token::Number(number) => skipped.overflow |= number.overflows(),
                Token::Null | Token::Bool => {}
                Token::Open(inner) => {
                    self.nesting.push(inner);
                    skipped.levels = skipped.levels.max(self.nesting.depth());
                    first = true;
                }
            }
        }
        Ok(skipped)
    }

    /// Reads what is left of the value that began with `token`, whatever it is.
    pub(crate) fn skip(&mut self, token: Token<'a>) -> Result<(), SyntaxError> {
        if let Token::Open(container) = token {
            self.skip_rest(container)?;
        }
        Ok(())
    }

    /// Only whitespace may follow.
    pub(crate) fn end(&mut self) -> Result<(), SyntaxError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.error("expected the end of the body")),
        }
    }

    #[inline(always)]
    fn next_item(&mut self, first: bool, close: u8, expected: &'static str) -> Result<bool, SyntaxError> {
        match self.peek() {
            Some(byte) if byte == close => {
                self.offset += 1;
                Ok(false)
            }
            Some(b',') if !first => {
                self.offset += 1;
                // What must follow is read next, and a bracket is neither a value nor a name.
                self.peek();
                Ok(true)
            }
            Some(_) if first => Ok(true),
            _ => Err(self.error(expected)),
        }
    }

    /// The next byte that is not whitespace.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.offset) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.offset += 1;
        }
        None
    }

    fn open(&mut self, container: Container) -> Token<'a> {
        self.offset += 1;
        Token::Open(container)
    }

    #[inline(always)]
    fn string(&mut self) -> Result<JsonString<'a>, SyntaxError> {
        let string = string::scan(self.text, self.offset)?;
        self.offset += string.len();
        Ok(string)
    }

    #[inline(always)]
    fn number(&mut self) -> Result<Number<'a>, SyntaxError> {
        let number = number::scan(self.text, self.offset)?;
        self.offset += number.len();
        Ok(number)
    }

    fn literal(&mut self, literal: &'static str, token: Token<'a>) -> Result<Token<'a>, SyntaxError> {
        if !self.text.as_bytes()[self.offset..].starts_with(literal.as_bytes()) {
            return Err(self.error("expected a value"));
        }
        self.offset += literal.len();
        Ok(token)
    }

    fn error(&self, expected: &'static str) -> SyntaxError {
        let problem = if self.offset == self.text.len() { "the body ends too early" } else { expected };
        SyntaxError { offset: self.offset, problem }
    }
}
