//! What does it look like how much is kept as time goes by? A line for each sampler, on a scale of powers of ten.

use std::fmt::Write;

use crate::outcome::{Outcome, POINT};
use crate::traffic::SECONDS;

/// Each can be told from white and from black.
const COLOURS: [&str; 7] =
    ["#8b949e", "#4c8dd6", "#9d6bd6", "#c2679b", "#d9822b", "#1f9d55", "#2aa7a7"];
const TEXT: &str = "#7d8590";

const WIDTH: f64 = 760.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 250.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 330.0;
const HEIGHT: f64 = 356.0;

/// From a tenth to a thousand a second.
const LEAST: f64 = 0.1;
const POWERS: i32 = 4;

pub(crate) fn draw(outcomes: &[Outcome]) -> String {
    let mut lines = String::new();
    for power in 0..=POWERS {
        let rate = LEAST * 10_f64.powi(power);
        let y = height(rate);
        let end = WIDTH - RIGHT;
        writeln!(
            lines,
            "<line x1=\"{LEFT}\" x2=\"{end}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"{TEXT}\" stroke-opacity=\"0.3\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{rate}</text>",
            LEFT - 6.0,
            y + 4.0
        )
        .expect("text can be written");
    }
    for minute in [0_u32, 3, 7, 10] {
        let x = place(f64::from(minute) * 60.0);
        writeln!(lines, "<text x=\"{x:.1}\" y=\"{}\">{minute} min</text>", BOTTOM + 18.0)
            .expect("text can be written");
    }
    for (at, (outcome, colour)) in (0_u8..).zip(outcomes.iter().zip(COLOURS)) {
        line(&mut lines, outcome, colour);
        let y = TOP + 12.0 + f64::from(at) * 20.0;
        let x = WIDTH - RIGHT + 14.0;
        writeln!(
            lines,
            "<rect x=\"{x}\" y=\"{}\" width=\"11\" height=\"11\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"{y}\">{}</text>",
            y - 10.0,
            x + 17.0,
            outcome.name.replace('`', "").replace('>', "&gt;")
        )
        .expect("text can be written");
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"{TEXT}\">\n\
         <text x=\"0\" y=\"16\" font-size=\"14\">Traces kept a second, where traffic grows tenfold and falls \
         again</text>\n{lines}</svg>\n"
    )
}

fn line(svg: &mut String, outcome: &Outcome, colour: &str) {
    let points = outcome.points.iter().zip(0_u32..).map(|(kept, at)| {
        let seconds = f64::from(at * POINT) + f64::from(POINT) / 2.0;
        let y = height((kept / f64::from(POINT)).max(LEAST));
        format!("{:.1},{y:.1}", place(seconds))
    });
    let points: Vec<_> = points.collect();
    writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\"/>",
        points.join(" ")
    )
    .expect("text can be written");
}

fn place(seconds: f64) -> f64 {
    LEFT + seconds / f64::from(SECONDS) * (WIDTH - RIGHT - LEFT)
}

fn height(rate: f64) -> f64 {
    BOTTOM - (rate / LEAST).log10() / f64::from(POWERS) * (BOTTOM - TOP)
}
