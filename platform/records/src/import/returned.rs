//! What goes back to the owner of an import: the preview, and the workbook of wrong rows with their reasons.

use super::read::PROBLEM_LABEL;
use super::{Import, ImportRow, Verdict, store};
use crate::commands::{Failure, Records};
use crate::sheets::{PROBLEM_KEY, head, template};
use documents::sheet::{Cell, Column, ColumnKind};
use identity::{Actor, Refusal};
use uuid::Uuid;
use vocabulary::Register;

/// Rows of each kind that the preview shows.
const SHOWN: usize = 20;
/// Wrong rows in a returned workbook. More than this is not corrected by hand.
const RETURNED_MAX: usize = 100_000;
/// Width of the column of reasons.
const REASON_WIDTH: u16 = 60;

/// What an import would do, or has left over.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The import.
    pub import: Import,
    /// The first wrong rows.
    pub bad: Vec<ImportRow>,
    /// The first rows about which somebody has to decide.
    pub similar: Vec<ImportRow>,
    /// The first rows that can be taken over but should be looked at.
    pub doubtful: Vec<ImportRow>,
    /// The first rows that are right.
    pub good: Vec<ImportRow>,
}

impl Records {
    /// The first rows of an import, wrong ones apart.
    ///
    /// # Errors
    /// When the actor may not, or there is no such import in their region.
    pub async fn preview(&self, actor: &Actor, register: &str, id: Uuid) -> Result<Preview, Failure> {
        let import = self.import(actor, register, id).await?;
        let good = [Verdict::New, Verdict::Changed, Verdict::Unchanged];
        let bad = store::rows(&self.db, &import, &[Verdict::Bad], 0, SHOWN).await?;
        let good = store::rows(&self.db, &import, &good, 0, SHOWN).await?;
        let similar = store::rows(&self.db, &import, &[Verdict::Similar], 0, SHOWN).await?;
        let doubtful = store::doubtful(&self.db, &import, SHOWN).await?;
        Ok(Preview { import, bad, similar, doubtful, good })
    }

    /// The wrong rows of an import in the register's template, as they were typed, with the reasons in a last
    /// column: to be put right and sent again.
    ///
    /// # Errors
    /// When the actor may not, there is no such import, or the workbook cannot be made.
    pub async fn returned_rows(&self, actor: &Actor, register: &str, id: Uuid) -> Result<Vec<u8>, Failure> {
        let described = self.register(actor, register)?;
        let import = self.import(actor, register, id).await?;
        let rows = store::rows(&self.db, &import, &[Verdict::Bad], 0, RETURNED_MAX).await?;
        let mut head = head(&described);
        head.columns.push(Column::new(PROBLEM_LABEL, ColumnKind::Text).keyed(PROBLEM_KEY).wide(REASON_WIDTH));
        let rows = rows.iter().map(|row| typed_again(&described, row)).collect();
        Ok(template::workbook(&described, head, rows).map_err(Refusal::Invalid)?)
    }
}

fn typed_again(register: &Register, row: &ImportRow) -> Vec<Cell> {
    let text = |key: &str| Cell::text(row.cells.get(key).cloned().unwrap_or_default());
    let mut cells = vec![text(crate::decide::REGION)];
    cells.extend(register.fields.iter().map(|field| text(&field.key)));
    cells.push(Cell::text(reasons(row)));
    cells
}

/// Everything that is wrong with a row, and what to do, in one text.
pub(crate) fn reasons(row: &ImportRow) -> String {
    let sentences = row.problems.iter().map(|problem| format!("{}：{}", problem.message, problem.remedy));
    sentences.collect::<Vec<_>>().join("；")
}
