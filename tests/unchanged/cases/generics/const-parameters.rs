//! Const parameters count in types, bodies and defaults.
use otel_runtime::traced;

#[traced]
fn sum<const N: usize>(values: [u32; N]) -> u32 {
    let mut rest = [0; N];
    rest.copy_from_slice(&values);
    rest.iter().sum::<u32>() + N as u32
}

#[traced]
async fn repeated<const N: usize, const C: char>() -> String {
    std::iter::repeat(C).take(N).collect()
}

struct Grid<const W: usize, const H: usize>([[u8; W]; H]);

impl<const W: usize, const H: usize> Grid<W, H> {
    #[traced]
    fn turned(&self) -> Grid<H, W> {
        let mut turned = Grid([[0; H]; W]);
        for (y, row) in self.0.iter().enumerate() {
            for (x, cell) in row.iter().enumerate() {
                turned.0[x][y] = *cell;
            }
        }
        turned
    }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {}", sum([1, 2, 3]), repeated::<3, 'z'>().await);
    println!("{:?}", Grid([[1, 2, 3], [4, 5, 6]]).turned().0);
}
