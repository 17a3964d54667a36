//! Loops with values, labels, and a body that is one labelled block.
use otel_runtime::traced;

#[traced]
fn found(grid: &[Vec<u8>], wanted: u8) -> Option<(usize, usize)> {
    'rows: for (y, row) in grid.iter().enumerate() {
        for (x, cell) in row.iter().enumerate() {
            if *cell == wanted {
                return Some((x, y));
            }
            if *cell == 0 {
                continue 'rows;
            }
        }
    }
    None
}

#[traced]
fn doubled(mut value: u32) -> u32 {
    loop {
        value *= 2;
        if value > 100 {
            break value;
        }
    }
}

#[traced]
fn labelled(value: Option<u8>) -> u8 {
    'done: {
        let Some(value) = value else { break 'done 1 };
        value + 1
    }
}

pub fn main() {
    let grid = vec![vec![1, 0, 5], vec![2, 5]];
    println!("{:?} {:?} {} {}", found(&grid, 5), found(&grid, 9), doubled(3), labelled(None));
}
