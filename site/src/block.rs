//! A page as data, from which its HTML and its Markdown are made.

use crate::address::Page;
use crate::inline::Line;

/// A page.
#[derive(Debug, Clone)]
pub struct Document {
    /// Which page it is.
    pub page: Page,
    /// Its heading.
    pub title: String,
    /// What it is about, in a sentence.
    pub description: String,
    /// Which part of the navigation it belongs to.
    pub part: Page,
    /// What stands above the heading.
    pub trail: Line,
    /// What stands below it.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug, Clone)]
pub enum Block {
    /// A heading of the second or third level, with its anchor.
    Heading {
        /// 2 or 3.
        level: u8,
        /// Its anchor.
        id: String,
        /// What it says.
        text: Line,
    },
    /// The full name, with what is special about it.
    Name(Line),
    /// The sentence that says what it is.
    Lead(Line),
    /// A paragraph.
    Paragraph(Line),
    /// A paragraph that nobody must overlook.
    Note(Line),
    /// A list.
    List(Vec<Line>),
    /// Labels with what they stand for.
    Facts(Vec<(String, Line)>),
    /// Method and path.
    Http(String, String),
    /// A table.
    Table(Table),
    /// Links with a sentence each.
    Cards(Vec<Card>),
    /// Code, and the language that it is in.
    Code(&'static str, String),
    /// What is both already.
    Ready {
        /// For people.
        html: String,
        /// For programs.
        markdown: String,
        /// Headings of the second level: anchor and text.
        headings: Vec<(String, String)>,
    },
}

/// A link with a sentence.
#[derive(Debug, Clone)]
pub struct Card {
    /// Where it leads.
    pub page: Page,
    /// What it is called.
    pub title: String,
    /// What is there.
    pub text: String,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// What it has, for who cannot see it.
    pub label: String,
    /// How it looks.
    pub look: Look,
    /// Headings of the columns.
    pub head: Vec<String>,
    /// Rows.
    pub rows: Vec<Row>,
}

/// How a table looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Name, type, meaning, line.
    Fields,
    /// Anything else.
    Plain,
}

/// A row of a table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its anchor.
    pub id: Option<String>,
    /// One for each column.
    pub cells: Vec<Line>,
    /// File and line of the repository that it is from.
    pub line: Option<(String, usize)>,
}

impl Document {
    /// A page without content.
    pub fn new(page: Page, part: Page, title: impl Into<String>, description: impl Into<String>) -> Self {
        let (title, description) = (title.into(), description.into());
        Self { page, title, description, part, trail: Line::new(), blocks: Vec::new() }
    }

    /// Adds a part.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Adds a heading of the second level.
    pub fn section(&mut self, id: &str, text: &str) {
        self.heading(2, id, crate::inline::text(text));
    }

    /// Adds a heading.
    pub fn heading(&mut self, level: u8, id: &str, text: Line) {
        self.push(Block::Heading { level, id: crate::address::anchor(id), text });
    }
}
