//! HTML in which all text is escaped: tags and attribute names are literals of this program, everything else is data.

use kfp_diag::printable::printable_lines;

/// A part of an HTML page.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Adds markup of this program.
    pub(super) fn markup(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        self.0.push_str(&escaped(text));
    }

    /// Adds an element with content.
    pub(super) fn element(
        &mut self,
        tag: &'static str,
        attributes: &[(&'static str, &str)],
        content: impl FnOnce(&mut Self),
    ) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
        content(self);
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push('>');
    }

    /// Adds an element with text.
    pub(super) fn element_of(&mut self, tag: &'static str, attributes: &[(&'static str, &str)], text: &str) {
        self.element(tag, attributes, |html| html.text(text));
    }

    /// Adds a table with a line for each row.
    pub(super) fn table<const N: usize, R>(
        &mut self,
        header: [&'static str; N],
        rows: impl IntoIterator<Item = R>,
        mut row: impl FnMut(&mut Self, R),
    ) {
        self.element("table", &[], |html| {
            html.element("tr", &[], |html| {
                for name in header {
                    html.element_of("th", &[], name);
                }
            });
            html.markup("\n");
            for item in rows {
                html.element("tr", &[], |html| row(html, item));
                html.markup("\n");
            }
        });
        self.markup("\n");
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// Escapes text for the content and for quoted attributes of HTML. Control characters and characters that reorder text
/// become visible.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in printable_lines(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_escaped() {
        let mut html = Html::default();
        html.element("p", &[("title", "\"><script>'\n")], |html| html.text("</p>&\u{202e}\u{0}"));
        assert_eq!(
            html.into_text(),
            "<p title=\"&quot;&gt;&lt;script&gt;&#39;\n\">&lt;/p&gt;&amp;\\u{202e}\\u{0}</p>"
        );
    }
}
