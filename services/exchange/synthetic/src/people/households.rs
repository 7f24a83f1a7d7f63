//! Who lives with whom. A simple model: couples of like age, children with couples of a fitting age, some older
//! people with a younger couple, the rest alone or as a couple. Sizes are plausible, not the census's.

use super::{Household, Living, Person, Relation};
use crate::city::{City, Point};
use crate::rng::Rng;
use std::collections::BTreeMap;

/// Share of adults under sixty who live with a partner, and of older men (the demo's assumptions).
const ADULT_COUPLES: f64 = 0.74;
const ELDER_COUPLES: f64 = 0.8;
/// Share of older people who live with a younger couple.
const WITH_CHILDREN: f64 = 0.4;
/// Share of those of 18 to 21 who live with their parents.
const YOUNG_AT_HOME: f64 = 0.55;

/// A household while it is formed.
#[derive(Debug, Default)]
pub(crate) struct Forming {
    community: usize,
    members: Vec<usize>,
    /// Age of the woman of the couple, or of the one adult.
    woman: u32,
    children: usize,
    has_parents: bool,
    couple: bool,
}

/// Forms the households of a town, community by community; sets relation and living of everybody.
pub(crate) fn form(people: &mut [Person], communities: usize, rng: &mut Rng) -> Vec<Forming> {
    let mut by_community: Vec<Vec<usize>> = vec![Vec::new(); communities.max(1)];
    for (number, person) in people.iter().enumerate() {
        if let Some(list) = by_community.get_mut(person.community) {
            list.push(number);
        }
    }
    let mut all = Vec::new();
    for (community, members) in by_community.iter().enumerate() {
        let mut forming = Community { people, community, homes: Vec::new(), women: BTreeMap::new() };
        forming.adults(members, rng);
        forming.young(members, rng);
        forming.children(members, rng);
        forming.elders(members, rng);
        all.append(&mut forming.homes);
    }
    for (number, home) in all.iter().enumerate() {
        for member in &home.members {
            if let Some(person) = people.get_mut(*member) {
                person.household = number;
            }
        }
    }
    all
}

struct Community<'a> {
    people: &'a mut [Person],
    community: usize,
    homes: Vec<Forming>,
    /// Homes with a couple, by the woman's age.
    women: BTreeMap<u32, Vec<usize>>,
}

impl Community<'_> {
    fn age(&self, number: usize) -> u32 {
        self.people.get(number).map_or(0, |person| person.age)
    }

    fn set(&mut self, number: usize, relation: Relation, living: Option<Living>) {
        if let Some(person) = self.people.get_mut(number) {
            person.relation = relation;
            person.living = living;
        }
    }

    fn of_ages(&self, members: &[usize], ages: std::ops::Range<u32>, male: Option<bool>) -> Vec<usize> {
        let fits = |number: &usize| {
            self.people
                .get(*number)
                .is_some_and(|person| ages.contains(&person.age) && male.is_none_or(|male| male == person.male))
        };
        let mut found: Vec<usize> = members.iter().copied().filter(|number| fits(number)).collect();
        found.sort_by_key(|number| (self.age(*number), *number));
        found
    }

    fn open(&mut self, head: usize, spouse: Option<usize>, living: Option<Living>) -> usize {
        self.set(head, Relation::Head, living);
        let mut members = vec![head];
        if let Some(spouse) = spouse {
            self.set(spouse, Relation::Spouse, living);
            members.push(spouse);
        }
        let woman = spouse.map_or_else(|| self.age(head), |spouse| self.age(spouse));
        let home =
            Forming { community: self.community, members, woman, couple: spouse.is_some(), ..Forming::default() };
        self.homes.push(home);
        self.homes.len() - 1
    }

    /// Pairs men with women of like age; gives the pairs and those left over.
    fn pair(&self, men: &[usize], women: &[usize], share: f64, rng: &mut Rng) -> (Vec<(usize, usize)>, Vec<usize>) {
        let (mut pairs, mut alone) = (Vec::new(), Vec::new());
        let mut left = women.iter().copied().peekable();
        for man in men {
            // Husbands are on average two years older: women too young for this man wait for the next.
            while let Some(woman) = left.next_if(|woman| self.age(*woman) + 6 < self.age(*man)) {
                alone.push(woman);
            }
            let fits = left.peek().is_some_and(|woman| self.age(*woman) <= self.age(*man) + 4);
            match left.next_if(|_| fits && rng.chance(share)) {
                Some(woman) => pairs.push((*man, woman)),
                None => alone.push(*man),
            }
        }
        alone.extend(left);
        (pairs, alone)
    }

    fn adults(&mut self, members: &[usize], rng: &mut Rng) {
        let men = self.of_ages(members, 22..60, Some(true));
        let women = self.of_ages(members, 22..60, Some(false));
        let (pairs, alone) = self.pair(&men, &women, ADULT_COUPLES, rng);
        for (man, woman) in pairs {
            let home = self.open(man, Some(woman), None);
            self.women.entry(self.age(woman)).or_default().push(home);
        }
        for number in alone {
            self.open(number, None, None);
        }
    }

    /// A home with a couple whose woman is near an age and that still takes somebody.
    fn home_near(&self, age: u32, reach: u32, takes: impl Fn(&Forming) -> bool, rng: &mut Rng) -> Option<usize> {
        for distance in 0..=reach {
            for near in [age.saturating_sub(distance), age + distance] {
                let homes = self.women.get(&near).map_or(&[][..], Vec::as_slice);
                let start = rng.below(homes.len());
                let found = homes.iter().cycle().skip(start).take(homes.len().min(8));
                if let Some(home) = found.copied().find(|home| self.homes.get(*home).is_some_and(&takes)) {
                    return Some(home);
                }
            }
        }
        None
    }

    fn join(&mut self, home: usize, number: usize, relation: Relation, living: Option<Living>) {
        self.set(number, relation, living);
        if let Some(home) = self.homes.get_mut(home) {
            home.members.push(number);
            home.children += usize::from(matches!(relation, Relation::Child));
            home.has_parents |= relation == Relation::Parent;
        }
    }

    fn young(&mut self, members: &[usize], rng: &mut Rng) {
        for number in self.of_ages(members, 18..22, None) {
            let home = self.home_near(self.age(number) + 27, 9, |home| home.children < 3, rng);
            match home.filter(|_| rng.chance(YOUNG_AT_HOME)) {
                Some(home) => self.join(home, number, Relation::Child, None),
                None => drop(self.open(number, None, None)),
            }
        }
    }

    fn children(&mut self, members: &[usize], rng: &mut Rng) {
        for number in self.of_ages(members, 0..18, None) {
            let mother = self.age(number) + u32::try_from(rng.between(24, 34)).unwrap_or(28);
            let home = self.home_near(mother, 12, |home| home.children < 3, rng);
            if let Some(home) = home {
                self.join(home, number, Relation::Child, None);
            } else if let Some(home) =
                (0..self.homes.len()).find(|home| self.homes.get(*home).is_some_and(|home| home.woman >= 20))
            {
                self.join(home, number, Relation::Other, None);
            } else {
                self.open(number, None, None);
            }
        }
    }

    fn elders(&mut self, members: &[usize], rng: &mut Rng) {
        let men = self.of_ages(members, 60..200, Some(true));
        let women = self.of_ages(members, 60..200, Some(false));
        let (pairs, alone) = self.pair(&men, &women, ELDER_COUPLES, rng);
        let alone = alone.into_iter().map(|number| (number, None));
        for (one, other) in pairs.into_iter().map(|(man, woman)| (man, Some(woman))).chain(alone) {
            let younger =
                self.age(other.unwrap_or(one)).saturating_sub(u32::try_from(rng.between(23, 32)).unwrap_or(27));
            let joins = rng.chance(WITH_CHILDREN);
            let home = self.home_near(younger, 8, |home| joins && home.couple && !home.has_parents, rng);
            if let Some(home) = home {
                for number in [Some(one), other].into_iter().flatten() {
                    self.join(home, number, Relation::Parent, Some(Living::WithChildren));
                }
            } else {
                let living = if other.is_some() { Living::EmptyNest } else { Living::Alone };
                self.open(one, other, Some(living));
            }
        }
    }
}

/// About the reach of a community in degrees.
const COMMUNITY_REACH: f64 = 0.0016;

/// Gives each household its number, address and point.
pub(crate) fn settle(city: &City, town: usize, homes: Vec<Forming>, rng: &mut Rng) -> Vec<Household> {
    let Some(town) = city.towns.get(town) else { return Vec::new() };
    let mut counts = vec![0_usize; town.communities.len()];
    let mut all = Vec::with_capacity(homes.len());
    for home in homes {
        let Some(community) = town.communities.get(home.community) else { continue };
        let number = counts.get_mut(home.community).map_or(0, |count| {
            *count += 1;
            *count
        });
        let point = community.point.map(|(longitude, latitude)| -> Point {
            let spread = |rng: &mut Rng| (rng.unit() + rng.unit() - 1.0) * COMMUNITY_REACH;
            (longitude + spread(rng), latitude + spread(rng))
        });
        all.push(Household {
            number: format!("{}-{number:05}", community.at.code),
            address: address(&town.at.name, &community.at.name, community.village, rng),
            point,
            members: home.members,
        });
    }
    all
}

/// A real street or town and community with made-up numbers.
fn address(town: &str, community: &str, village: bool, rng: &mut Rng) -> String {
    let community =
        ["居委会", "村委会", "委会"].iter().find_map(|end| community.strip_suffix(end)).unwrap_or(community);
    let community = if town == community { "" } else { community };
    if village {
        format!("{town}{community}{}组{}号", rng.between(1, 12), rng.between(1, 90))
    } else {
        let (floor, door) = (rng.between(1, 6), rng.between(1, 4));
        format!("{town}{community}{}号{floor}{door:02}室", rng.between(1, 160))
    }
}
