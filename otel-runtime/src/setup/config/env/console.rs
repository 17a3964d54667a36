//! What does the environment say of the terminal, and of what is to be drawn on it?
//!
//! These variables are about a person at a terminal, not about a service. So they count beside code and
//! beside a file, and one that cannot be used costs no trace: it is left out, with a warning.

use std::time::Duration;

use super::values::Remedy;
use super::variables::Variables;
use crate::export::settings::{Background, ColorChoice, Details, LinkTemplate, Shown, View};
use crate::setup::config::environment::Environment;
use crate::setup::config::problems::Problems;

/// Terminals that take links, by a variable and how its value begins. From the list of
/// <https://github.com/zkat/supports-hyperlinks>, which reads the environment of the process by itself.
const TAKE_LINKS: [(&str, &str); 13] = [
    ("TERM_PROGRAM", "iTerm.app"),
    ("TERM_PROGRAM", "WezTerm"),
    ("TERM_PROGRAM", "vscode"),
    ("TERM_PROGRAM", "ghostty"),
    ("TERM_PROGRAM", "Hyper"),
    ("TERM_PROGRAM", "rio"),
    ("TERM", "xterm-kitty"),
    ("TERM", "alacritty"),
    ("TERM", "foot"),
    ("COLORTERM", "xfce4-terminal"),
    ("WT_SESSION", ""),
    ("KONSOLE_VERSION", ""),
    ("DOMTERM", ""),
];

/// What the variables say; `problems` are told of those that cannot be used.
pub(in crate::setup::config) fn view(environment: &Environment, problems: &mut Problems) -> View {
    let mut reader = Variables { environment, problems };
    let asked = reader.lenient("OTEL_TRACED_CONSOLE", asked).map(|given| given.value);
    let link = reader.lenient("OTEL_TRACED_CONSOLE_LINK", |text| {
        let remedy = "write the address of a trace's page, with {id} for the id, such as \
                      http://localhost:16686/trace/{id}";
        LinkTemplate::new(text).ok_or_else(|| remedy.into())
    });
    let Asked { shown, details, columns, alone, background } = asked.unwrap_or_default();
    View {
        color: color(&mut reader),
        background: background.or_else(|| of_background(&mut reader)).unwrap_or_default(),
        takes_links: takes_links(&mut reader),
        link: link.map(|given| given.value),
        shown,
        details,
        columns,
        alone,
    }
}

/// `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE`: conventions of terminals, <https://no-color.org> and
/// <https://bixense.com/clicolors/>.
fn color(reader: &mut Variables<'_>) -> ColorChoice {
    // "When present and not an empty string (regardless of its value)".
    if reader.environment.get("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        return ColorChoice::Never;
    }
    if reader.says("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return ColorChoice::Always;
    }
    let is_off = reader.says("CLICOLOR").is_some_and(|value| value == "0");
    let is_dumb = reader.says("TERM").is_some_and(|value| value == "dumb");
    if is_off || is_dumb { ColorChoice::Never } else { ColorChoice::Auto }
}

/// `COLORFGBG` is `foreground;background`, or with something between them, as numbers of colours. Those from
/// 0 to 6, and 8, are dark.
fn of_background(reader: &mut Variables<'_>) -> Option<Background> {
    let colors = reader.says("COLORFGBG")?;
    let background: u8 = colors.rsplit(';').next()?.parse().ok()?;
    Some(match background {
        0..=6 | 8 => Background::Dark,
        _ => Background::Light,
    })
}

fn takes_links(reader: &mut Variables<'_>) -> bool {
    if let Some(forced) = reader.says("FORCE_HYPERLINK") {
        return forced != "0";
    }
    if reader.says("TERM").is_some_and(|term| term == "dumb") {
        return false;
    }
    // Terminals on VTE take links since 0.50, which is written 5000.
    let vte = reader.says("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
    let mut known = TAKE_LINKS.iter();
    vte.is_some_and(|version| version >= 5_000)
        || known.any(|(name, value)| reader.says(name).is_some_and(|it| it.starts_with(value)))
}

/// What `OTEL_TRACED_CONSOLE` says.
#[derive(Default)]
struct Asked {
    shown: Shown,
    details: Details,
    columns: Option<usize>,
    alone: bool,
    background: Option<Background>,
}

/// `errors,slower=100ms,name=checkout,all,width=160,alone,light`
fn asked(text: &str) -> Result<Asked, Remedy> {
    let mut asked = Asked::default();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        match word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value.trim())))
        {
            ("errors", None) => asked.shown.errors = true,
            ("slower", Some(time)) => asked.shown.slower = Some(duration(time)?),
            ("name", Some(name)) if !name.is_empty() => asked.shown.name = Some(name.to_owned()),
            ("all", None) => asked.details = Details::All,
            ("width", Some(columns)) => asked.columns = Some(self::columns(columns)?),
            ("alone", None) => asked.alone = true,
            ("light", None) => asked.background = Some(Background::Light),
            ("dark", None) => asked.background = Some(Background::Dark),
            _ => {
                return Err(
                    "write one or more of errors, slower=100ms, name=checkout, all, width=160, \
                            alone, light, dark with commas between them"
                        .into(),
                );
            }
        }
    }
    Ok(asked)
}

fn columns(text: &str) -> Result<usize, Remedy> {
    let remedy = "write the width as a number of columns, such as width=160";
    text.parse().ok().filter(|columns| *columns > 0).ok_or_else(|| remedy.into())
}

fn duration(text: &str) -> Result<Duration, Remedy> {
    let remedy = || "write a time with its unit, ns, us, ms or s, such as slower=100ms".into();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| remedy())?;
    match unit {
        "ns" => Ok(Duration::from_nanos(number)),
        "us" | "µs" => Ok(Duration::from_micros(number)),
        "ms" => Ok(Duration::from_millis(number)),
        "s" => Ok(Duration::from_secs(number)),
        _ => Err(remedy()),
    }
}

impl Variables<'_> {
    /// The value of a variable of others', if it is a text that is not empty. What it says is no setting
    /// of ours, so nothing is wrong with it.
    fn says(&self, name: &str) -> Option<String> {
        let text = self.environment.get(name)?.to_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}
