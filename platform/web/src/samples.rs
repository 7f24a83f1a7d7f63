//! Every page has samples: contexts that show it full, empty, refused, long. They are rendered in tests, looked at in
//! a real browser, and held against the rules that need no browser, here.

use askama::Template;

/// Contexts of a page that show what it can look like: at least one with much in it and one with nothing.
pub trait Samples: Sized {
    /// The samples.
    fn samples() -> Vec<Self>;
}

/// Renders all samples of a page and holds each against [`complaints`]. Tests call
/// `assert_eq!(render_all::<ListPage>(), Ok(2))`.
///
/// # Errors
/// What is wrong, each with the number of its sample.
pub fn render_all<T: Samples + Template>() -> Result<usize, Vec<String>> {
    let samples = T::samples();
    let mut wrong = Vec::new();
    if samples.is_empty() {
        wrong.push("no samples".to_owned());
    }
    for (index, sample) in samples.iter().enumerate() {
        match sample.render() {
            Ok(html) => wrong.extend(complaints(&html).into_iter().map(|text| format!("sample {index}: {text}"))),
            Err(error) => wrong.push(format!("sample {index}: {error}")),
        }
    }
    if wrong.is_empty() { Ok(samples.len()) } else { Err(wrong) }
}

/// What is wrong with a page, as far as its text shows: no inline style or script, one h1, a main, a title, forms that
/// carry their token and can be sent, ids that are there once, icons that exist.
#[must_use]
pub fn complaints(html: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut must = |fine: bool, text: &str| {
        if !fine {
            wrong.push(text.to_owned());
        }
    };
    let count = |what: &str| html.matches(what).count();
    must(html.trim_start().starts_with("<!doctype html>"), "does not begin with a doctype");
    must(html.contains("<html lang=\"zh-CN\""), "says no language");
    must(count("<h1") == 1, "has not exactly one h1");
    must(count("id=\"main\"") == 1, "has not exactly one main");
    must(!html.contains(" style=\""), "has an inline style: blocked by the content policy");
    must(
        !html.contains(" onclick=") && !html.contains(" onsubmit=") && !html.contains("javascript:"),
        "has an inline script",
    );
    must(!html.contains("hx-on") && !html.contains("hx-vals=\"js"), "evaluates code from an attribute");
    must(!html.contains("<title></title>") && !html.contains("<title> "), "has no title");
    wrong.extend(scripts(html));
    wrong.extend(forms(html));
    wrong.extend(ids(html));
    wrong.extend(icons(html));
    wrong
}

/// The sprite, to know which icons there are.
const SPRITE: &str = include_str!("../../../ui/src/icons/icons.svg");

fn icons(html: &str) -> Vec<String> {
    let names: std::collections::BTreeSet<&str> =
        html.split("#i-").skip(1).filter_map(|rest| rest.split_once('"').map(|(name, _)| name)).collect();
    names
        .into_iter()
        .filter(|name| !SPRITE.contains(&format!("id=\"i-{name}\"")))
        .map(|name| format!("there is no icon {name}; ui/src/icons/icons.svg has them all"))
        .collect()
}

fn scripts(html: &str) -> Option<String> {
    let inline = html
        .split("<script")
        .skip(1)
        .filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag))
        .any(|tag| !tag.contains(" src=") && !tag.contains("type=\"application/json\""));
    inline.then(|| "has an inline script".to_owned())
}

fn forms(html: &str) -> Vec<String> {
    html.split("<form")
        .skip(1)
        .filter_map(|rest| rest.split_once("</form>").map(|(form, _)| form))
        .flat_map(|form| {
            let tag = form.split_once('>').map_or(form, |(tag, _)| tag);
            let posts = tag.contains("method=\"post\"");
            let token = !posts || form.contains("name=\"csrf\"");
            let sends = form.contains("<button") || form.contains("type=\"submit\"");
            let action = tag.contains("action=\"");
            [
                (!token).then(|| format!("a form posts without its token:{tag}")),
                (!sends).then(|| format!("a form has no button:{tag}")),
                (!action).then(|| format!("a form has no address:{tag}")),
            ]
        })
        .flatten()
        .collect()
}

fn ids(html: &str) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    html.split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"').map(|(id, _)| id))
        .filter(|id| !seen.insert(*id))
        .map(|id| format!("the id {id} is there twice"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "<!doctype html><html lang=\"zh-CN\"><head><title>页</title></head><body>\
        <main id=\"main\"><h1>页</h1><form method=\"post\" action=\"/x\"><input type=\"hidden\" name=\"csrf\" value=\"t\">\
        <button>存</button></form></main></body></html>";

    #[test]
    fn a_good_page_passes() {
        assert_eq!(complaints(GOOD), Vec::<String>::new());
    }

    #[test]
    fn each_rule_catches_its_breach() {
        let breaches = [
            ("<h1>页</h1>", "<p>页</p>"),
            (" lang=\"zh-CN\"", ""),
            ("<p", "<p style=\"x\""),
            ("<h1>", "<h1 style=\"color:red\">"),
            ("name=\"csrf\"", "name=\"other\""),
            ("<button>存</button>", ""),
            (" action=\"/x\"", ""),
            ("<main id=\"main\">", "<main id=\"main\"><p id=\"main\"></p>"),
            ("</main>", "<script>alert(1)</script></main>"),
            ("<title>页</title>", "<title></title>"),
            ("<button>存", "<button><svg><use href=\"/assets/icons.svg#i-unheard-of\"/></svg>存"),
        ];
        for (good, bad) in breaches.into_iter().filter(|(good, _)| GOOD.contains(good)) {
            assert_ne!(complaints(&GOOD.replace(good, bad)), Vec::<String>::new(), "{bad} passed");
        }
    }

    #[test]
    fn data_blocks_are_no_scripts() {
        let page = GOOD.replace("</main>", "<script type=\"application/json\" id=\"d\">{}</script></main>");
        assert_eq!(complaints(&page), Vec::<String>::new());
    }
}
