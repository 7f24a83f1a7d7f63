//! Staff of made-up facilities. Real institutions get none: nothing is invented about them.

use crate::aims::Aim;
use crate::city::City;
use crate::course::Course;
use crate::facilities::{Facilities, Facility, Heads};
use crate::identity::{IdNumbers, Ids};
use crate::names;
use crate::people::Quotas;
use crate::rng::Rng;
use crate::rows::{Row, named};
use crate::spread::{real, whole};
use chrono::{Datelike, Duration, NaiveDate};

/// Share of carers who hold a certificate where no plan counts them (the demo's assumption).
const CERTIFIED: f64 = 0.72;
/// Share of staff who have left again.
const LEFT: f64 = 0.07;

/// Somebody's job before there is a person.
#[derive(Debug, Clone, Copy)]
struct Job<'a> {
    facility: &'a Facility,
    post: &'static str,
    /// Hired because the plan wants so many new jobs: within its period.
    new: bool,
}

/// The rows of all staff.
pub(crate) fn staff(city: &City, course: &Course, facilities: &Facilities, heads: &Heads) -> Vec<Row> {
    let mut maker = Maker {
        city,
        course,
        heads,
        ids: Ids::new(city.rng(&["ids", "staff"]), city.options.day, 3),
        rng: city.rng(&["staff"]),
        quotas: Quotas::default(),
        rows: Vec::new(),
    };
    let jobs = course.totals(Aim::NewJobs, &heads.old);
    for unit in 0..city.units.len() {
        let own: Vec<&Facility> =
            facilities.made.iter().filter(|one| one.unit == unit && one.opened.is_some()).collect();
        let elder = maker.elder_jobs(unit, &own, whole(jobs.get(unit).copied().unwrap_or(0.0)));
        let child = maker.child_jobs(&own);
        // Areas from the end of the city's block, so that no number meets a resident's.
        let mut numbers = IdNumbers::new(city.root.code.as_str(), 239 - unit % 40);
        maker.hire(unit, &elder, "养老", &mut numbers);
        maker.hire(unit, &child, "托育", &mut numbers);
    }
    maker.rows
}

struct Maker<'a> {
    city: &'a City,
    course: &'a Course,
    heads: &'a Heads,
    ids: Ids,
    rng: Rng,
    quotas: Quotas,
    rows: Vec<Row>,
}

fn is_home(kind: &str) -> bool {
    matches!(kind, "养老机构" | "特困供养机构" | "农村区域性养老服务中心")
}

fn is_centre(kind: &str) -> bool {
    matches!(
        kind,
        "街道综合性养老服务中心" | "社区综合为老服务中心" | "居家养老服务中心" | "日间照料中心" | "居家养老服务站"
    )
}

impl Maker<'_> {
    fn elder_jobs<'a>(&mut self, unit: usize, own: &[&'a Facility], new_jobs: usize) -> Vec<Job<'a>> {
        let mut jobs = Vec::new();
        let homes: Vec<&Facility> = own.iter().copied().filter(|one| is_home(one.kind)).collect();
        let centres: Vec<&Facility> = own.iter().copied().filter(|one| is_centre(one.kind)).collect();
        let beds: usize = homes.iter().filter_map(|one| one.beds).sum();
        for home in &homes {
            let size = real(home.beds.unwrap_or(0));
            let posts = [("管理人员", 1), ("养老护理员", whole(size / 5.0).max(1)), ("护士", whole(size / 25.0))];
            for (post, count) in posts {
                jobs.extend((0..count).map(|_| Job { facility: home, post, new: false }));
            }
        }
        jobs.extend(centres.iter().map(|centre| Job { facility: centre, post: "养老护理员", new: false }));
        let old = self.heads.old.get(unit).copied().unwrap_or(0.0);
        let social = if self.course.stated(Aim::SocialPerThousand) {
            self.course.now(unit, Aim::SocialPerThousand) * old / 1000.0
        } else {
            self.course.now(unit, Aim::SocialPerHundredBeds) * real(beds) / 100.0
        };
        let count = self.quotas.take(0, "social", whole(social * 100.0), 0.01);
        let seats: Vec<&Facility> = homes.iter().chain(&centres).copied().collect();
        let workers = (0..count).filter_map(|index| seats.get(index % seats.len().max(1)));
        jobs.extend(workers.map(|facility| Job { facility, post: "社会工作者", new: false }));
        // The jobs a plan wants are mostly in homes' care outside the home: with the centres.
        let seats = if centres.is_empty() { homes } else { centres };
        for index in 0..new_jobs.saturating_sub(jobs.len()) {
            let Some(facility) = seats.get(index % seats.len().max(1)) else { break };
            let post = if self.rng.chance(0.75) { "养老护理员" } else { "其他" };
            jobs.push(Job { facility, post, new: true });
        }
        jobs
    }

    fn child_jobs<'a>(&mut self, own: &[&'a Facility]) -> Vec<Job<'a>> {
        let mut jobs = Vec::new();
        for nursery in own {
            let places = real(nursery.places.unwrap_or(0));
            let carers = match nursery.kind {
                "托育机构" => whole(places / 5.0).max(2),
                "幼儿园托班" => whole(places / 6.0).max(1),
                "社区托育点" => 1,
                _ => continue,
            };
            let post = |index: usize| if index % 4 == 3 { "育婴员" } else { "保育人员" };
            jobs.extend((0..carers).map(|index| Job { facility: nursery, post: post(index), new: false }));
            if nursery.kind == "托育机构" {
                jobs.push(Job { facility: nursery, post: "管理人员", new: false });
            }
        }
        jobs
    }

    /// How many of a unit's carers hold a certificate.
    fn certified(&mut self, unit: usize, carers: usize) -> usize {
        if !self.course.stated(Aim::CertifiedPerTenThousand) {
            return self.quotas.take(unit, "certified", carers, CERTIFIED);
        }
        let old = self.heads.old.get(unit).copied().unwrap_or(0.0);
        let wanted = self.course.now(unit, Aim::CertifiedPerTenThousand) * old / 10_000.0;
        self.quotas.take(0, "certified", whole(wanted * 100.0), 0.01).min(carers)
    }

    fn hire(&mut self, unit: usize, jobs: &[Job<'_>], field: &'static str, numbers: &mut IdNumbers) {
        let day = self.city.options.day;
        let elder = field == "养老";
        let carers = jobs.iter().filter(|job| job.post == "养老护理员").count();
        let newly = self.course.totals(Aim::NewlyCertified, &vec![1.0; self.city.units.len()]);
        let newly = whole(newly.get(unit).copied().unwrap_or(0.0));
        let (counted, count) = if elder {
            (carers, self.certified(unit, carers).max(newly.min(carers)))
        } else {
            (jobs.len(), self.certified_in_nurseries(unit, jobs.len()))
        };
        let mut certificates: Vec<bool> = (0..counted).map(|number| number < count).collect();
        self.rng.shuffle(&mut certificates);
        let mut in_period = newly;
        for job in jobs {
            let carer = job.post == "养老护理员";
            let hired = self.hired_on(unit, job);
            let certified = if carer || !elder { certificates.pop() == Some(true) } else { self.rng.chance(0.85) };
            let graded = certified && carer;
            let senior = self.course.share(unit, Aim::SeniorCarers);
            let grade = match (graded, graded && self.quotas.take(0, "senior", 1, senior) == 1) {
                (false, _) => "无",
                (true, true) => self.rng.word(&["高级", "高级", "技师"]),
                (true, false) => self.rng.word(&["初级", "初级", "中级"]),
            };
            let in_plan = graded && in_period > 0;
            in_period -= usize::from(in_plan);
            let part = self.rng.unit();
            let graded_on = if in_plan {
                self.course.day_of(unit, Aim::NewlyCertified, part, 0.0)
            } else {
                hired + Duration::days(self.rng.between(30, 900))
            };
            let left = (!job.new && job.post != "社会工作者" && self.rng.chance(LEFT))
                .then(|| hired + Duration::days(self.rng.between(200, 1500)));
            self.row(
                job,
                field,
                numbers,
                Facts {
                    hired,
                    left: left.filter(|left| *left < day),
                    grade,
                    graded_on: graded_on.min(day),
                    graded,
                    certified,
                },
            );
        }
    }

    fn certified_in_nurseries(&mut self, unit: usize, count: usize) -> usize {
        let share = self.course.share(unit, Aim::ChildcareCertified);
        self.quotas.take(unit, "nursery certificates", count, share)
    }

    fn hired_on(&mut self, unit: usize, job: &Job<'_>) -> NaiveDate {
        let day = self.city.options.day;
        if job.new {
            let part = self.rng.unit();
            return self.course.day_of(unit, Aim::NewJobs, part, 0.0);
        }
        let opened = job.facility.opened.unwrap_or(day);
        let since = day.signed_duration_since(opened).num_days().clamp(0, 3650);
        day - Duration::days(self.rng.between(0, since))
    }

    fn row(&mut self, job: &Job<'_>, field: &'static str, numbers: &mut IdNumbers, facts: Facts) {
        let Some(town) = self.city.towns.get(job.facility.town) else { return };
        let at = job.facility.community.and_then(|number| town.communities.get(number)).map_or(&town.at, |one| &one.at);
        let day = self.city.options.day;
        let male = self.rng.chance(0.16);
        let birth = day - Duration::days(self.rng.between(22 * 366, 58 * 365));
        let name = format!("{}{}", names::surname(&mut self.rng), names::given(&mut self.rng, male, birth.year()));
        let trained = self
            .rng
            .chance(0.7)
            .then(|| day - Duration::days(self.rng.between(1, 500)))
            .filter(|on| *on >= facts.hired);
        let values = named![
            "name" => name,
            "id_number" => numbers.next(birth, male),
            "field" => field,
            "post" => job.post,
            "facility" => job.facility.id,
            "grade" => facts.grade,
            "graded_on" => Some(facts.graded_on).filter(|_| facts.graded),
            "certified" => facts.certified,
            "trained_on" => trained,
            "hired_on" => facts.hired,
            "left_on" => facts.left,
        ];
        let row = Row::made(workforce::KEY, self.ids.next(), at, facts.hired, values);
        self.rows.push(row);
    }
}

/// What is settled about a job when it is written down.
struct Facts {
    hired: NaiveDate,
    left: Option<NaiveDate>,
    grade: &'static str,
    graded_on: NaiveDate,
    graded: bool,
    certified: bool,
}
