//! What is answered: z-scores, why some are not there, and what they mean.

/// Why there is no z-score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhyNot {
    /// Something it needs was not measured.
    NotMeasured,
    /// The child is 60 months or older.
    TooOld,
    /// The length is outside the table of weight for length or height.
    OutsideTable,
    /// Oedema: weight says nothing.
    Oedema,
    /// The measure is so far off that no finite number comes out.
    NoNumber,
}

/// One index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Index {
    /// The z-score.
    pub z: Option<f64>,
    /// Why there is none.
    pub why_not: Option<WhyNot>,
    /// Whether it is outside WHO's plausible range: to be measured again, not dropped.
    pub flagged: bool,
}

/// What a child's measures come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// Completed days of life.
    pub age_days: u32,
    /// Length (under 731 days) or height (from 731 days) that the indices rest on, after the 0.7 cm rule.
    pub length_cm: Option<f64>,
    /// Body mass index, kg/m², by that length.
    pub bmi: Option<f64>,
    /// Weight for age.
    pub waz: Index,
    /// Length or height for age.
    pub haz: Index,
    /// Weight for length or height.
    pub whz: Index,
    /// Body mass index for age.
    pub bmiz: Index,
    /// Head circumference for age.
    pub hcz: Index,
    /// Measured standing before 9 months: a child cannot stand, so the note is doubtful.
    pub position_doubtful: bool,
}

/// A class of nutrition (WHO cut-offs).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// WAZ < −2.
    Underweight,
    /// WAZ < −3.
    SeverelyUnderweight,
    /// HAZ < −2.
    Stunted,
    /// HAZ < −3.
    SeverelyStunted,
    /// WHZ < −2.
    Wasted,
    /// WHZ < −3.
    SeverelyWasted,
    /// WHZ > 2.
    Overweight,
    /// WHZ > 3.
    Obese,
}

impl Class {
    /// The word on screens.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Underweight => "低体重",
            Self::SeverelyUnderweight => "重度低体重",
            Self::Stunted => "生长迟缓",
            Self::SeverelyStunted => "重度生长迟缓",
            Self::Wasted => "消瘦",
            Self::SeverelyWasted => "重度消瘦",
            Self::Overweight => "超重",
            Self::Obese => "肥胖",
        }
    }
}

impl Answer {
    /// The indices with their names in files.
    #[must_use]
    pub fn indices(&self) -> [(&'static str, Index); 5] {
        [("waz", self.waz), ("haz", self.haz), ("whz", self.whz), ("bmiz", self.bmiz), ("hcz", self.hcz)]
    }

    /// Words for files: `waz` … `hcz` for an index outside the plausible range, `age` for a child of 60 months or older, `length`
    /// for a length outside the table of weight for length, `position` for a doubtful note on lying or standing.
    #[must_use]
    pub fn flags(&self) -> Vec<&'static str> {
        let mut flags: Vec<&str> =
            self.indices().iter().filter(|(_, index)| index.flagged).map(|(name, _)| *name).collect();
        let any = |why| self.indices().iter().any(|(_, index)| index.why_not == Some(why));
        flags.extend(any(WhyNot::TooOld).then_some("age"));
        flags.extend(any(WhyNot::OutsideTable).then_some("length"));
        flags.extend(self.position_doubtful.then_some("position"));
        flags
    }

    /// Classes of nutrition; none from indices that are flagged.
    #[must_use]
    pub fn classes(&self) -> Vec<Class> {
        let z = |index: Index| index.z.filter(|_| !index.flagged);
        let below = |z: Option<f64>, limit: f64| z.is_some_and(|z| z < limit);
        let above = |z: Option<f64>, limit: f64| z.is_some_and(|z| z > limit);
        let (waz, haz, whz) = (z(self.waz), z(self.haz), z(self.whz));
        let all = [
            (below(waz, -2.0), Class::Underweight),
            (below(waz, -3.0), Class::SeverelyUnderweight),
            (below(haz, -2.0), Class::Stunted),
            (below(haz, -3.0), Class::SeverelyStunted),
            (below(whz, -2.0), Class::Wasted),
            (below(whz, -3.0), Class::SeverelyWasted),
            (above(whz, 2.0), Class::Overweight),
            (above(whz, 3.0), Class::Obese),
        ];
        all.into_iter().filter(|(holds, _)| *holds).map(|(_, class)| class).collect()
    }
}
