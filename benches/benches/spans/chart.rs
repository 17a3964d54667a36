//! What do the medians look like? A bar for each contender, its length the ratio to code written by
//! hand.

use std::fmt::Write;

use otel_benches::Contender;

use crate::comparison::{Comparison, Subject};

/// With a colour each that can be told from white and from black.
const BARS: [(Contender, &str); 4] = [
    (Contender::ByHand, "#8b949e"),
    (Contender::Traced, "#1f9d55"),
    (Contender::Tracing, "#d9822b"),
    (Contender::Fastrace, "#4c8dd6"),
];

/// The same for text.
const TEXT: &str = "#7d8590";

const WIDTH: f64 = 760.0;
const LABEL: f64 = 250.0;
const BAR: f64 = 11.0;
const GROUP: f64 = 62.0;
const TOP: f64 = 56.0;

/// Room for a number behind the longest bar.
const NUMBER: f64 = 44.0;

/// An SVG with a group of bars for each comparison.
pub(crate) fn draw(comparisons: &[Comparison]) -> String {
    let ratios = comparisons.iter().flat_map(|one| BARS.map(|(contender, _)| one.ratio(contender)));
    let unit = (WIDTH - LABEL - NUMBER) / ratios.fold(1.0, f64::max);
    let mut groups = String::new();
    let mut top = TOP;
    for comparison in comparisons {
        group(&mut groups, comparison, top, unit).expect("text can be written");
        top += GROUP;
    }
    let by_hand = LABEL + unit;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"{TEXT}\">\n\
         <text x=\"0\" y=\"16\" font-size=\"14\">Cost of a span, as a multiple of code written by \
         hand with the OpenTelemetry SDK</text>\n{}{groups}\
         <line x1=\"{by_hand:.1}\" x2=\"{by_hand:.1}\" y1=\"{TOP}\" y2=\"{top}\" stroke=\"{TEXT}\" \
         stroke-dasharray=\"3 3\"/>\n</svg>\n",
        legend()
    )
}

fn legend() -> String {
    let mut legend = String::new();
    let mut left = LABEL;
    for (contender, colour) in BARS {
        writeln!(
            legend,
            "<rect x=\"{left}\" y=\"28\" width=\"11\" height=\"11\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"38\">{contender}</text>",
            left + 16.0
        )
        .expect("text can be written");
        left += 100.0;
    }
    legend
}

fn group(svg: &mut String, comparison: &Comparison, top: f64, unit: f64) -> std::fmt::Result {
    let Subject { what, scenario, .. } = comparison.subject;
    writeln!(svg, "<text x=\"0\" y=\"{}\">{what}</text>", top + 20.0)?;
    writeln!(svg, "<text x=\"0\" y=\"{}\">{scenario}</text>", top + 36.0)?;
    for (bar, (contender, colour)) in (0_u8..).zip(BARS) {
        let ratio = comparison.ratio(contender);
        let (y, width) = (top + f64::from(bar) * (BAR + 1.0), ratio * unit);
        writeln!(
            svg,
            "<rect x=\"{LABEL}\" y=\"{y}\" width=\"{width:.1}\" height=\"{BAR}\" \
             fill=\"{colour}\"/><text x=\"{:.1}\" y=\"{}\">{ratio:.2}</text>",
            LABEL + width + 5.0,
            y + 10.0
        )?;
    }
    Ok(())
}
