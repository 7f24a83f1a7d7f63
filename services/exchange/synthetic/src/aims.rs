//! What a plan wants of the things that the generator makes, found by the words of its indicators. Where a plan
//! says nothing, the demo assumes a start and an end of its own; they are no policy, only plausible.

use crate::spread::real;
use chrono::NaiveDate;
use pack_reader::model::{Indicator, Measure, Nature, RegionKind};
use rust_decimal::prelude::ToPrimitive;

/// A quantity that the generator steers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Aim {
    BedsPerThousand,
    BedsTotal,
    NursingShare,
    RuralNursingShare,
    DementiaPerTenThousand,
    RatedHomes,
    RuralRated,
    StreetCentres,
    RuralCentresTotal,
    RuralCentres,
    SpecialCareHomes,
    DisabilityHomes,
    AgeFriendly,
    ServiceCentres,
    DayCare,
    HomeCareCentres,
    SecondGeriatric,
    ThirdGeriatric,
    NursingHospitals,
    GeriatricDepartments,
    ElderWindows,
    TcmRehabilitation,
    ChronicClinics,
    PrimaryNursing,
    MedicalBeds,
    MedicalCareTotal,
    MedicalService,
    InHouseClinics,
    SmartTerminals,
    PlacesPerThousand,
    PlacesTotal,
    InclusivePlaces,
    FiledNurseries,
    DemonstrationNurseries,
    CommunityChildcare,
    ChildStations,
    GuidanceCentres,
    EarlyBases,
    ParentingStations,
    ElderSchools,
    LearningPoints,
    ProvincialInclusive,
    PeopleProjects,
    CommunityArea,
    PensionPaid,
    HomeService,
    Assessed80,
    MonthlyVisits,
    HealthManaged,
    HealthChecked,
    Learners,
    CollectiveCare,
    CollectiveWish,
    SystematicCare,
    Vaccinated,
    Guided,
    InfantHealth,
    NewbornVisits,
    Monitored,
    Screened,
    Handbooks,
    FamilyDoctors,
    Retrofits,
    YearlyRetrofits,
    SocialPerHundredBeds,
    SocialPerThousand,
    CertifiedPerTenThousand,
    SeniorCarers,
    ChildcareCertified,
    NewJobs,
    NewlyCertified,
    ElderTraining,
    CarerTraining,
    CarersTrainedYearly,
    NurseryTrainedYearly,
    SmartTraining,
    GuidanceTimes,
    MotherRooms,
    RoomStandards,
    EstatesElder,
    EstatesChild,
}

/// How an aim is found, and what the demo assumes without a plan's words.
struct Rule {
    aim: Aim,
    /// Words that the indicator's name must all hold.
    all: &'static [&'static str],
    /// Words none of which it may hold.
    none: &'static [&'static str],
    /// Start and end without a plan; `None`: the thing exists only where a plan wants it.
    assumed: Option<(f64, f64)>,
}

const fn rule(
    aim: Aim,
    all: &'static [&'static str],
    none: &'static [&'static str],
    assumed: Option<(f64, f64)>,
) -> Rule {
    Rule { aim, all, none, assumed }
}

/// The rules; for one aim the first that finds an indicator counts.
const RULES: &[Rule] = &[
    rule(Aim::BedsPerThousand, &["每千名老", "养老床位"], &["医疗"], Some((26.0, 32.0))),
    rule(Aim::BedsTotal, &["全", "养老床位数"], &["每"], None),
    rule(Aim::NursingShare, &["护理型床位", "占"], &["农村", "基层"], Some((48.0, 58.0))),
    rule(Aim::RuralNursingShare, &["农村", "护理型床位占比"], &[], Some((42.0, 52.0))),
    rule(Aim::DementiaPerTenThousand, &["每万名老年人", "认知"], &[], Some((8.0, 15.0))),
    rule(Aim::RatedHomes, &["等级养老机构占比"], &[], Some((40.0, 60.0))),
    rule(Aim::RuralRated, &["农村敬老院达到二级"], &[], Some((40.0, 80.0))),
    rule(Aim::StreetCentres, &["街道综合性养老服务中心建成率"], &[], Some((40.0, 85.0))),
    rule(Aim::RuralCentresTotal, &["农村区域性养老服务中心建成数"], &[], None),
    rule(Aim::RuralCentres, &["综合服务功能养老机构的乡"], &[], Some((20.0, 40.0))),
    rule(Aim::RuralCentres, &["综合养老服务中心覆盖"], &[], None),
    rule(Aim::SpecialCareHomes, &["特困人员集中供养服务功能"], &[], None),
    rule(Aim::SpecialCareHomes, &["特困失能人员集中照护中心"], &[], None),
    rule(Aim::DisabilityHomes, &["失能照护服务机构"], &[], None),
    rule(Aim::AgeFriendly, &["颐养社区"], &["比例"], None),
    rule(Aim::ServiceCentres, &["社区综合为老服务中心"], &[], None),
    rule(Aim::DayCare, &["日间照料机构覆盖率"], &[], Some((18.0, 35.0))),
    rule(Aim::DayCare, &["居家和社区养老点覆盖"], &[], None),
    rule(Aim::HomeCareCentres, &["居家养老服务中心", "覆盖率"], &[], None),
    rule(Aim::SecondGeriatric, &["二级老年医院"], &["县"], None),
    rule(Aim::ThirdGeriatric, &["三级老年医院"], &[], None),
    rule(Aim::NursingHospitals, &["护理院"], &[], None),
    rule(Aim::GeriatricDepartments, &["老年医学科"], &[], Some((50.0, 80.0))),
    rule(Aim::ElderWindows, &["老年人优先窗口"], &[], Some((60.0, 95.0))),
    rule(Aim::TcmRehabilitation, &["三级中医医院"], &[], None),
    rule(Aim::ChronicClinics, &["慢性病一体化门诊"], &[], Some((40.0, 80.0))),
    rule(Aim::PrimaryNursing, &["基层医疗机构护理床位占比"], &[], Some((20.0, 35.0))),
    rule(Aim::MedicalBeds, &["每千名老年人", "医疗康复护理床位"], &[], Some((5.0, 6.5))),
    rule(Aim::MedicalCareTotal, &["医养康养结合服务机构数"], &[], None),
    rule(Aim::MedicalService, &["养老机构医疗卫生服务覆盖"], &[], Some((80.0, 100.0))),
    rule(Aim::InHouseClinics, &["养老机构配置医疗机构"], &[], Some((30.0, 50.0))),
    rule(Aim::SmartTerminals, &["居家养老服务中心配备智能"], &[], Some((40.0, 90.0))),
    rule(Aim::PlacesPerThousand, &["每千", "3岁以下婴幼儿托位"], &[], Some((1.8, 4.0))),
    rule(Aim::PlacesTotal, &["3岁以下婴幼儿托位数"], &["每千"], None),
    rule(Aim::InclusivePlaces, &["普惠性托位占比"], &["幼儿园"], Some((40.0, 65.0))),
    rule(Aim::FiledNurseries, &["登记备案的托育机构"], &[], None),
    rule(Aim::DemonstrationNurseries, &["示范性托育机构"], &[], None),
    rule(Aim::CommunityChildcare, &["社区托育服务设施覆盖率"], &[], Some((3.0, 8.0))),
    rule(Aim::ChildStations, &["婴幼儿照护驿站数"], &[], None),
    rule(Aim::GuidanceCentres, &["婴幼儿照护服务指导中心"], &[], None),
    rule(Aim::GuidanceCentres, &["托育服务指导中心"], &[], None),
    rule(Aim::EarlyBases, &["早期发展基地"], &[], None),
    rule(Aim::ParentingStations, &["早期发展指导覆盖率"], &[], Some((30.0, 60.0))),
    rule(Aim::ParentingStations, &["科学育儿指导站覆盖"], &[], None),
    rule(Aim::ElderSchools, &["老年学校"], &[], Some((50.0, 80.0))),
    rule(Aim::LearningPoints, &["学习点占比"], &[], Some((30.0, 55.0))),
    rule(Aim::LearningPoints, &["教学点覆盖率"], &[], None),
    rule(Aim::ProvincialInclusive, &["省级普惠托育机构"], &[], None),
    rule(Aim::PeopleProjects, &["政府实事项目普惠性托育"], &[], None),
    rule(Aim::CommunityArea, &["社区养老服务设施面积"], &[], Some((30.0, 45.0))),
    rule(Aim::PensionPaid, &["养老保险参保缴费率"], &[], Some((80.0, 92.0))),
    rule(Aim::HomeService, &["居家上门服务覆盖率"], &[], Some((8.0, 15.0))),
    rule(Aim::Assessed80, &["能力评估占比"], &[], Some((35.0, 75.0))),
    rule(Aim::MonthlyVisits, &["月探访率"], &[], Some((80.0, 98.0))),
    rule(Aim::HealthManaged, &["老年人", "健康管理"], &[], Some((60.0, 70.0))),
    rule(Aim::HealthChecked, &["老年人健康体检率"], &[], Some((55.0, 66.0))),
    rule(Aim::Learners, &["经常性参", "教育活动"], &[], Some((12.0, 20.0))),
    rule(Aim::CollectiveCare, &["生活不能自理特困"], &[], Some((50.0, 65.0))),
    rule(Aim::CollectiveWish, &["有集中供养意愿"], &[], Some((85.0, 100.0))),
    rule(Aim::SystematicCare, &["儿童系统管理率"], &[], Some((91.0, 95.0))),
    rule(Aim::Vaccinated, &["疫苗接种率"], &[], Some((94.0, 96.0))),
    rule(Aim::Guided, &["科学育儿指导率"], &[], Some((80.0, 92.0))),
    rule(Aim::Guided, &["家长每年接受家庭教育指导率"], &[], None),
    rule(Aim::InfantHealth, &["婴幼儿健康管理率"], &[], Some((90.0, 95.0))),
    rule(Aim::NewbornVisits, &["新生儿访视"], &[], Some((95.0, 98.0))),
    rule(Aim::Monitored, &["发育监测率"], &[], Some((90.0, 95.0))),
    rule(Aim::Screened, &["发育筛查率"], &[], Some((80.0, 88.0))),
    rule(Aim::Handbooks, &["母子健康手册"], &[], Some((95.0, 99.0))),
    rule(Aim::FamilyDoctors, &["家庭医生签约率"], &[], Some((62.0, 75.0))),
    rule(Aim::Retrofits, &["居家适老化改造", "户数"], &["年度"], None),
    rule(Aim::YearlyRetrofits, &["居家适老化改造年度户数"], &[], None),
    rule(Aim::SocialPerHundredBeds, &["每百张", "社会工作者"], &[], Some((0.6, 1.0))),
    rule(Aim::SocialPerThousand, &["每千名老年人", "社会工作者"], &[], None),
    rule(Aim::CertifiedPerTenThousand, &["每万名老年人", "持证养老护理员"], &[], Some((20.0, 30.0))),
    rule(Aim::SeniorCarers, &["高级护理员"], &[], Some((12.0, 18.0))),
    rule(Aim::ChildcareCertified, &["从业人员持证上岗率"], &[], Some((70.0, 90.0))),
    rule(Aim::NewJobs, &["养老服务领域吸纳新增就业"], &[], None),
    rule(Aim::NewlyCertified, &["职业等级认定的养老护理员"], &[], None),
    rule(Aim::ElderTraining, &["养老服务人员培训人数"], &[], None),
    rule(Aim::CarerTraining, &["累计培训养老护理员"], &[], None),
    rule(Aim::CarersTrainedYearly, &["培训养老护理员"], &["累计", "保育师"], None),
    rule(Aim::NurseryTrainedYearly, &["保育师技能培训"], &[], None),
    rule(Aim::SmartTraining, &["运用智能技术培训"], &[], None),
    rule(Aim::GuidanceTimes, &["科学育儿指导服务次数"], &[], None),
    rule(Aim::MotherRooms, &["母婴", "覆盖"], &[], Some((70.0, 95.0))),
    rule(Aim::MotherRooms, &["母婴设施配置"], &[], None),
    rule(Aim::RoomStandards, &["母婴设施标准化率"], &[], Some((75.0, 88.0))),
    rule(Aim::EstatesElder, &["养老服务", "达标率"], &[], Some((60.0, 95.0))),
    rule(Aim::EstatesChild, &["新建居住社区", "托育服务设施"], &[], Some((40.0, 85.0))),
];

/// A course from a value on one day to a value on another.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Level {
    pub start: f64,
    pub from: NaiveDate,
    pub end: f64,
    pub to: NaiveDate,
    /// Key of the indicator it follows; `None`: the demo's own assumption.
    pub indicator: Option<String>,
    /// Counted anew each year.
    pub yearly: bool,
    /// Whether people are counted by registration.
    pub registered: bool,
    /// Kind of region in each of which the end must be reached.
    pub for_each: Option<RegionKind>,
    /// Whether the indicator counts in streets alone.
    pub streets: bool,
    /// Whether it is a share of a hundred.
    pub percent: bool,
    /// Whether only households in special difficulty count.
    pub special: bool,
}

fn year_end(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default()
}

/// Where plans give no baseline, courses begin at this share of the target (the demo's assumption).
const UNSTATED_START: f64 = 0.55;

fn is(indicator: &Indicator, rule: &Rule) -> bool {
    // Every plan writes “3岁以下” with the digits of its typist.
    let holds = |word: &&str| indicator.name.contains(*word);
    rule.all.iter().all(holds) && !rule.none.iter().any(holds) && indicator.nature.is_target()
}

impl Level {
    /// The course of an indicator; `None` when its target is no number. Amounts in 万 come back as ones.
    pub fn of(indicator: &Indicator, period: (NaiveDate, NaiveDate)) -> Option<Self> {
        use chrono::Datelike;
        let target =
            indicator.targets.iter().filter(|target| target.value.is_some()).max_by_key(|target| target.year)?;
        let unit = indicator.unit.as_deref().unwrap_or_default();
        let factor = if unit.starts_with('万') { 10_000.0 } else { 1.0 };
        let end = target.value?.to_f64()? * factor;
        let baseline = indicator.baseline.as_ref();
        let stated = baseline.and_then(|baseline| baseline.value?.to_f64()).map(|value| value * factor);
        let first = baseline.and_then(|baseline| baseline.year).unwrap_or_else(|| period.0.year() - 1);
        let flow = indicator.nature == Nature::FlowPeriod;
        let start = if flow { 0.0 } else { stated.unwrap_or(end * UNSTATED_START) };
        let filter = match &indicator.measure {
            Measure::Computed { numerator, denominator, .. } => {
                denominator.as_ref().unwrap_or(numerator).filter.clone().unwrap_or_default()
            }
            _ => String::new(),
        };
        let last = target.year.unwrap_or_else(|| period.1.year());
        Some(Self {
            start,
            from: year_end(first),
            end,
            to: year_end(last.max(first + 1)),
            indicator: Some(indicator.key.clone()),
            yearly: indicator.nature == Nature::FlowYear,
            registered: filter.contains("户籍人口"),
            for_each: target.for_each,
            streets: filter.contains("街道") && !filter.contains('镇'),
            percent: unit.starts_with('%'),
            special: indicator.name.contains("特殊困难"),
        })
    }

    fn assumed((start, end): (f64, f64), period: (NaiveDate, NaiveDate)) -> Self {
        use chrono::Datelike;
        Self {
            start,
            from: year_end(period.0.year() - 1),
            end,
            to: year_end(period.1.year()),
            indicator: None,
            yearly: false,
            registered: false,
            for_each: None,
            streets: false,
            percent: true,
            special: false,
        }
    }

    /// Days from the start to the end.
    fn span(&self) -> f64 {
        let days = usize::try_from(self.to.signed_duration_since(self.from).num_days()).unwrap_or(1);
        real(days.max(1))
    }

    /// The value on a day for somebody who goes at a pace; 1 is the straight path. Nobody runs more than a little
    /// beyond the end, and who is slow falls short even where nothing was left to gain.
    pub fn at(&self, day: NaiveDate, pace: f64) -> f64 {
        let days = usize::try_from(day.signed_duration_since(self.from).num_days().max(0)).unwrap_or(0);
        let elapsed = real(days) / self.span();
        let gone = (elapsed * pace).min(1.0 + (pace - 1.0).max(0.0) * 0.4);
        let lag = (1.0 - pace).max(0.0) * elapsed.min(1.0) * 0.05 * self.end.abs();
        let value = self.start + (self.end - self.start) * gone - lag;
        if self.percent { value.clamp(0.0, 100.0) } else { value.max(0.0) }
    }

    /// The day on which a share `part` (0 to 1) of the value reached on `day` had been reached; days before the
    /// start are spread over the `before` days ahead of it.
    pub fn reached(&self, part: f64, day: NaiveDate, pace: f64, before: f64) -> NaiveDate {
        let value = self.at(day, pace) * part;
        let begun = self.at(self.from, pace);
        let gained = self.at(day, pace) - begun;
        let offset = if value <= begun || gained <= 0.0 {
            -before * (1.0 - if begun > 0.0 { (value / begun).min(1.0) } else { 1.0 })
        } else {
            let days = usize::try_from(day.signed_duration_since(self.from).num_days().max(0)).unwrap_or(0);
            (value - begun) / gained * real(days)
        };
        #[expect(clippy::cast_possible_truncation, reason = "some thousand days")]
        let days = chrono::Duration::days(offset.floor() as i64);
        self.from.checked_add_signed(days).unwrap_or(self.from).min(day)
    }
}

/// The aim that an indicator speaks of, if the generator steers it.
pub(crate) fn aim_of(indicator: &Indicator) -> Option<Aim> {
    RULES.iter().find(|rule| is(indicator, rule)).map(|rule| rule.aim)
}

/// The course of every aim of a plan: table rows before prose, the plan's words before assumptions.
pub(crate) fn levels(
    indicators: &[Indicator],
    period: (NaiveDate, NaiveDate),
) -> std::collections::BTreeMap<Aim, Level> {
    let mut levels = std::collections::BTreeMap::new();
    for rule in RULES {
        if levels.contains_key(&rule.aim) {
            continue;
        }
        let mut found: Vec<&Indicator> = indicators.iter().filter(|indicator| is(indicator, rule)).collect();
        found.sort_by_key(|indicator| !indicator.table);
        if let Some(level) = found.iter().find_map(|indicator| Level::of(indicator, period)) {
            levels.insert(rule.aim, level);
        }
    }
    for rule in RULES {
        if let Some(assumed) = rule.assumed {
            levels.entry(rule.aim).or_insert_with(|| Level::assumed(assumed, period));
        }
    }
    levels
}
