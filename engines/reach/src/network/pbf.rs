//! `.osm.pbf`: OpenStreetMap's binary form, blocks of protocol buffers packed by zlib. Blocks are unpacked when they are needed, one a
//! thread at a time, so that memory does not grow with the file.

use super::osm::{Fault, Node, Ways, point, too_large};
use super::tags::{self, Tags};
use super::wire::{Fields, Packed, Torn, zigzag};
use crate::solve::in_order;
use std::io::Read as _;

/// Longest header of a block, by the format.
const LONGEST_HEADER: usize = 64 * 1024;
/// Longest block, packed or not, by the format.
const LONGEST_BLOCK: usize = 32 * 1024 * 1024;
/// Unpacked, all blocks together may be so many times the file, and 4 MiB more: a map's are two to five times as large, and a file that is
/// packed much tighter was made to fill the memory of its readers.
const TIGHTEST: u64 = 32;
const ROOM: u64 = 4 << 20;
/// Most texts of a block: many times what a block of 8,000 elements, the usual most, needs.
const MOST_TEXTS: usize = 1_000_000;
/// Most tags of one element that are kept.
const MOST_TAGS: usize = 1_000;
/// Blocks that are unpacked before their results are put together: so many, or so many packed bytes, whatever is reached first.
const AT_ONCE: usize = 64;
const BYTES_AT_ONCE: usize = 4 << 20;

const AGAIN: &str = "download the extract again";

/// The blocks with data, still packed.
pub(super) struct File<'a> {
    blocks: Vec<&'a [u8]>,
}

/// Finds the blocks.
pub(super) fn open(bytes: &[u8]) -> Result<File<'_>, Fault> {
    let mut blocks = Vec::new();
    let (mut rest, mut number, mut head) = (bytes, 0_usize, false);
    let mut room = ROOM + TIGHTEST * bytes.len() as u64;
    while !rest.is_empty() {
        number += 1;
        let torn = |what: &str| Fault::new(1, format!("block {number}"), what, AGAIN);
        let (length, after) = rest.split_first_chunk::<4>().ok_or_else(|| torn("the file ends in the middle"))?;
        let length = u32::from_be_bytes(*length) as usize;
        if length > LONGEST_HEADER {
            let wrong =
                if number == 1 { "this is no `.osm.pbf`" } else { "its header is longer than the format allows" };
            return Err(torn(wrong));
        }
        let (header, after) = after.split_at_checked(length).ok_or_else(|| torn("the file ends in the middle"))?;
        let (kind, size) = header_of(header).map_err(|_| torn("its header cannot be read"))?;
        if size > LONGEST_BLOCK {
            return Err(torn("it is longer than the format allows"));
        }
        let (block, after) = after.split_at_checked(size).ok_or_else(|| torn("the file ends in the middle"))?;
        rest = after;
        let told = told(block).map_err(|_| torn("it cannot be read"))?;
        room = room.checked_sub(told).ok_or_else(|| torn("it is packed tighter than any map can be"))?;
        match kind {
            b"OSMHeader" => {
                head = true;
                features(block).map_err(|wrong| Fault { place: format!("block {number}"), ..wrong })?;
            }
            b"OSMData" if head => blocks.push(block),
            b"OSMData" => return Err(torn("data come before the header")),
            _ => {}
        }
    }
    if head { Ok(File { blocks }) } else { Err(Fault::new(1, "block 1", "this is no `.osm.pbf`", AGAIN)) }
}

fn header_of(header: &[u8]) -> Result<(&[u8], usize), Torn> {
    let mut fields = Fields::new(header);
    let (mut kind, mut size) = (&[] as &[u8], 0);
    while let Some((number, value)) = fields.next()? {
        match number {
            1 => kind = value.bytes(),
            3 => size = usize::try_from(value.number()).map_err(|_| Torn)?,
            _ => {}
        }
    }
    Ok((kind, size))
}

/// How long a block says that it is when it is unpacked; unpacking holds it to that.
fn told(block: &[u8]) -> Result<u64, Torn> {
    let mut fields = Fields::new(block);
    let mut size = 0;
    while let Some((number, value)) = fields.next()? {
        match number {
            1 => size = value.bytes().len() as u64,
            2 => size = value.number(),
            _ => {}
        }
    }
    Ok(size)
}

/// Refuses a file that needs more than this reader knows.
fn features(block: &[u8]) -> Result<(), Fault> {
    let torn = |_| Fault::new(1, "-", "the header cannot be read", AGAIN);
    let bytes = unpack(block)?;
    let mut fields = Fields::new(&bytes);
    while let Some((number, value)) = fields.next().map_err(torn)? {
        if number == 4 && !matches!(value.bytes(), b"OsmSchema-V0.6" | b"DenseNodes") {
            let name: String = String::from_utf8_lossy(value.bytes()).chars().take(60).collect();
            let wrong = format!("it needs a reader that knows `{}`", name.escape_debug());
            return Err(Fault::new(1, "-", wrong, "give an extract of the present state, without history"));
        }
    }
    Ok(())
}

/// The bytes of a block.
fn unpack(block: &[u8]) -> Result<Vec<u8>, Fault> {
    let torn = |what: &str| Fault::new(1, "-", what, AGAIN);
    let mut fields = Fields::new(block);
    let (mut plain, mut packed, mut size) = (None, None, 0_u64);
    while let Some((number, value)) = fields.next().map_err(|_| torn("it cannot be read"))? {
        match number {
            1 => plain = Some(value.bytes()),
            2 => size = value.number(),
            3 => packed = Some(value.bytes()),
            4..=7 => {
                let remedy = "write the extract with zlib compression";
                return Err(Fault::new(1, "-", "it is packed by another method than zlib", remedy));
            }
            _ => {}
        }
    }
    if let Some(plain) = plain {
        return Ok(plain.to_vec());
    }
    let (Some(packed), true) = (packed, size <= LONGEST_BLOCK as u64) else {
        return Err(torn("it holds nothing, or more than the format allows"));
    };
    // The size that is told is not trusted with memory before so much has come out.
    let mut bytes = Vec::with_capacity((size as usize).min(packed.len().saturating_mul(8)));
    let read = flate2::read::ZlibDecoder::new(packed).take(size + 1).read_to_end(&mut bytes);
    if read.is_err() || bytes.len() as u64 != size {
        return Err(torn("it cannot be unpacked"));
    }
    Ok(bytes)
}

/// Reads all blocks, some at a time on several threads, and hands on what each gave in the order of the file.
fn each_block<T: Send>(
    file: &File<'_>,
    threads: usize,
    read: impl Fn(&Block<'_>) -> Result<T, Torn> + Sync,
    mut take: impl FnMut(T) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let numbered: Vec<(usize, &[u8])> = file.blocks.iter().copied().enumerate().collect();
    let mut rest = numbered.as_slice();
    while !rest.is_empty() {
        let mut bytes = 0;
        let fit = rest.iter().take(AT_ONCE).take_while(|(_, block)| {
            bytes += block.len();
            bytes <= BYTES_AT_ONCE
        });
        let (some, after) = rest.split_at(fit.count().max(1));
        rest = after;
        let make = || {
            |(number, block): &(usize, &[u8])| {
                let place = format!("data block {}", number + 1);
                let bytes = unpack(block).map_err(|fault| Fault { place: place.clone(), ..fault })?;
                let torn = |_| Fault::new(1, place.clone(), "it cannot be read", AGAIN);
                Block::new(&bytes).and_then(|block| read(&block)).map_err(torn)
            }
        };
        for made in in_order(some, threads, make) {
            take(made?)?;
        }
    }
    Ok(())
}

/// The ways that are walked.
pub(super) fn ways(file: &File<'_>, barriers: bool, threads: usize) -> Result<Ways, Fault> {
    let mut all = Ways::default();
    let read = |block: &Block<'_>| block.ways(barriers);
    each_block(file, threads, read, |ways| {
        all.append(ways);
        if all.too_many() { Err(too_large(1)) } else { Ok(()) }
    })?;
    Ok(all)
}

/// The nodes that are wanted; `wanted` is sorted.
pub(super) fn nodes(file: &File<'_>, wanted: &[i64], threads: usize) -> Result<Vec<Node>, Fault> {
    let mut all = Vec::new();
    let read = |block: &Block<'_>| block.nodes(wanted);
    each_block(file, threads, read, |mut nodes| {
        all.append(&mut nodes);
        // A file that repeats its nodes without end.
        if all.len() > 4 * wanted.len() + 1_000 { Err(too_large(1)) } else { Ok(()) }
    })?;
    Ok(all)
}

/// One block: its texts, its scale, its groups.
struct Block<'a> {
    texts: Vec<&'a [u8]>,
    groups: Vec<&'a [u8]>,
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

impl<'a> Block<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, Torn> {
        let mut block = Self { texts: Vec::new(), groups: Vec::new(), granularity: 100, lat_offset: 0, lon_offset: 0 };
        let mut fields = Fields::new(bytes);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 => {
                    let mut texts = Fields::new(value.bytes());
                    while let Some((number, text)) = texts.next()? {
                        if number == 1 {
                            block.texts.push(text.bytes());
                        }
                        if block.texts.len() > MOST_TEXTS {
                            return Err(Torn);
                        }
                    }
                }
                2 => block.groups.push(value.bytes()),
                17 => block.granularity = value.number() as i64,
                19 => block.lat_offset = value.number() as i64,
                20 => block.lon_offset = value.number() as i64,
                _ => {}
            }
        }
        Ok(block)
    }

    fn text(&self, index: u64) -> &'a str {
        let bytes = usize::try_from(index).ok().and_then(|index| self.texts.get(index)).copied().unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// A point; `None` where it lies outside the globe, which leaves the node out as if it were missing.
    fn point(&self, lon: i64, lat: i64) -> Option<crate::earth::Point> {
        let degrees = |offset: i64, value: i64| {
            (i128::from(offset) + i128::from(self.granularity) * i128::from(value)) as f64 / 1e9
        };
        point(degrees(self.lon_offset, lon), degrees(self.lat_offset, lat))
    }

    fn ways(&self, barriers: bool) -> Result<Ways, Torn> {
        let mut ways = Ways::default();
        let (mut list, mut refs) = (Vec::new(), Vec::new());
        for group in &self.groups {
            let mut fields = Fields::new(group);
            while let Some((number, value)) = fields.next()? {
                if number != 3 {
                    continue;
                }
                let (mut keys, mut values, mut nodes) = (&[] as &[u8], &[] as &[u8], &[] as &[u8]);
                let mut way = Fields::new(value.bytes());
                while let Some((number, value)) = way.next()? {
                    match number {
                        2 => keys = value.bytes(),
                        3 => values = value.bytes(),
                        8 => nodes = value.bytes(),
                        _ => {}
                    }
                }
                self.tags(keys, values, &mut list)?;
                refs.clear();
                let (mut nodes, mut id) = (Packed::new(nodes), 0_i64);
                while let Some(step) = nodes.signed()? {
                    id = id.wrapping_add(step);
                    refs.push(id);
                }
                ways.take(&Tags(&list), &refs, barriers);
            }
        }
        Ok(ways)
    }

    fn tags(&self, keys: &[u8], values: &[u8], list: &mut Vec<(&'a str, &'a str)>) -> Result<(), Torn> {
        list.clear();
        let (mut keys, mut values) = (Packed::new(keys), Packed::new(values));
        while let (Some(key), Some(value)) = (keys.next()?, values.next()?) {
            if list.len() < MOST_TAGS {
                list.push((self.text(key), self.text(value)));
            }
        }
        Ok(())
    }

    fn nodes(&self, wanted: &[i64]) -> Result<Vec<Node>, Torn> {
        let mut nodes = Vec::new();
        for group in &self.groups {
            let mut fields = Fields::new(group);
            while let Some((number, value)) = fields.next()? {
                match number {
                    1 => self.plain(value.bytes(), wanted, &mut nodes)?,
                    2 => self.dense(value.bytes(), wanted, &mut nodes)?,
                    _ => {}
                }
            }
        }
        Ok(nodes)
    }

    fn plain(&self, node: &[u8], wanted: &[i64], nodes: &mut Vec<Node>) -> Result<(), Torn> {
        let (mut id, mut lon, mut lat) = (0, 0, 0);
        let (mut keys, mut values) = (&[] as &[u8], &[] as &[u8]);
        let mut fields = Fields::new(node);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 => id = zigzag(value.number()),
                2 => keys = value.bytes(),
                3 => values = value.bytes(),
                8 => lat = zigzag(value.number()),
                9 => lon = zigzag(value.number()),
                _ => {}
            }
        }
        if let (Ok(_), Some(point)) = (wanted.binary_search(&id), self.point(lon, lat)) {
            let mut list = Vec::new();
            self.tags(keys, values, &mut list)?;
            nodes.push(Node { id, point, gate: tags::node(&Tags(&list)) });
        }
        Ok(())
    }

    fn dense(&self, group: &[u8], wanted: &[i64], nodes: &mut Vec<Node>) -> Result<(), Torn> {
        let mut lists = [&[] as &[u8]; 4];
        let mut fields = Fields::new(group);
        while let Some((number, value)) = fields.next()? {
            let at = match number {
                1 => 0,
                8 => 1,
                9 => 2,
                10 => 3,
                _ => continue,
            };
            lists.iter_mut().skip(at).take(1).for_each(|list| *list = value.bytes());
        }
        let [mut ids, mut lats, mut lons, mut texts] = lists.map(Packed::new);
        let (mut id, mut lat, mut lon) = (0_i64, 0_i64, 0_i64);
        let (mut list, mut ahead) = (Vec::new(), Ahead::default());
        while let (Some(step), Some(up), Some(along)) = (ids.signed()?, lats.signed()?, lons.signed()?) {
            id = id.wrapping_add(step);
            lat = lat.wrapping_add(up);
            lon = lon.wrapping_add(along);
            list.clear();
            while let Some(key) = texts.next()?.filter(|key| *key != 0) {
                let value = texts.next()?.ok_or(Torn)?;
                if list.len() < MOST_TAGS {
                    list.push((self.text(key), self.text(value)));
                }
            }
            if let (true, Some(point)) = (ahead.has(wanted, id), self.point(lon, lat)) {
                nodes.push(Node { id, point, gate: tags::node(&Tags(&list)) });
                // A block that repeats its nodes without end.
                if nodes.len() > 4 * wanted.len() + 1_000 {
                    return Err(Torn);
                }
            }
        }
        Ok(())
    }
}

/// Looks ids up in a sorted list; ids that come in order are found without searching.
#[derive(Default)]
struct Ahead {
    at: usize,
    last: i64,
}

impl Ahead {
    fn has(&mut self, wanted: &[i64], id: i64) -> bool {
        let steps = wanted.get(self.at..).unwrap_or_default().iter().take(16);
        let near = if id >= self.last { steps.take_while(|one| **one < id).count() } else { 16 };
        self.at = if near < 16 { self.at + near } else { wanted.partition_point(|one| *one < id) };
        self.last = id;
        wanted.get(self.at) == Some(&id)
    }
}
