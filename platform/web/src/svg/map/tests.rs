//! Tests of the maps: what is drawn for what is known, and that neighbours fit on each other.

use super::*;

fn square(west: f64, name: &str, class: Option<u8>) -> Area {
    Area {
        name: name.into(),
        value: class.map(|class| format!("{class}.0")).unwrap_or_default(),
        class,
        href: String::new(),
        rings: vec![vec![[west, 31.0], [west + 0.1, 31.0], [west + 0.1, 31.1], [west, 31.1], [west, 31.0]]],
    }
}

#[test]
fn each_area_has_its_class_and_what_is_not_known_is_hatched() {
    let svg = choropleth("m", "每千人口托位数，2025年9月", &[square(121.0, "甲", Some(2)), square(121.1, "乙", None)])
        .to_string();
    assert!(svg.contains("<path class=\"a c2\""));
    assert!(svg.contains("<path class=\"a\" fill=\"url(#m-h)\"") && svg.contains("<pattern id=\"m-h\""));
    assert!(svg.contains(">—</tspan>"), "a value that is not known is a dash");
    assert!(svg.contains("role=\"img\"") && svg.contains("<title id=\"m-t\">每千人口托位数"));
}

#[test]
fn without_unknown_areas_there_is_no_pattern() {
    let svg = choropleth("m", "t", &[square(121.0, "甲", Some(5))]).to_string();
    assert!(!svg.contains("<pattern") && svg.contains("class=\"inv\""));
}

#[test]
fn areas_with_links_are_a_group_and_say_their_names() {
    let mut narrow = square(121.0, "一个很长很长很长很长很长很长很长很长很长很长的街道名称", Some(1));
    narrow.href = "/r/310110001000?a=1&b=2".into();
    let svg = choropleth("m", "t", &[narrow]).to_string();
    assert!(svg.contains("role=\"group\"") && svg.contains("<a href=\"/r/310110001000?a=1&amp;b=2\">"));
    assert!(svg.contains("<title>一个很长"), "a name without room is still said");
}

#[test]
fn neighbours_share_their_border_exactly() {
    // The same crooked border, given by both in opposite directions.
    let border: Vec<[f64; 2]> =
        (0..200).map(|step| [121.1 + 0.004 * (f64::from(step) * 0.7).sin(), 31.0 + 0.0005 * f64::from(step)]).collect();
    let mut west = vec![[121.0, 31.0]];
    west.extend(border.iter());
    west.push([121.0, 31.0995]);
    let mut east: Vec<[f64; 2]> = border.iter().rev().copied().collect();
    east.extend([[121.2, 31.0], [121.2, 31.0995]]);
    let area = |ring: Vec<[f64; 2]>| Area { rings: vec![ring], class: Some(1), ..Area::default() };
    let areas = [area(west), area(east)];
    let frame = Frame::around(&areas).unwrap();
    let rings: Vec<Vec<Point>> = areas.iter().map(|area| simple(&frame.project(&area.rings[0]))).collect();
    let inner = |ring: &[Point]| {
        let mut points: Vec<(i64, i64)> = ring
            .iter()
            .filter(|(x, y)| *x > 200.0 && *x < 440.0 && *y > 12.0 && *y < frame.height - 12.0)
            .map(|(x, y)| ((x * 10.0) as i64, (y * 10.0) as i64))
            .collect();
        points.sort_unstable();
        points
    };
    assert!(inner(&rings[0]).len() > 50);
    assert_eq!(inner(&rings[0]), inner(&rings[1]));
}

#[test]
fn outlines_lose_points_that_say_nothing() {
    let ring = [(0.0, 0.0), (1.5, 0.0), (3.0, 0.0), (3.0, 0.0), (3.0, 3.0), (0.0, 3.0), (0.0, 0.0)];
    assert_eq!(simple(&ring), [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0), (0.0, 3.0)]);
}

#[test]
fn a_label_lies_inside_a_hollow_shape() {
    // A U: the middle of its bounds lies outside of it.
    let ring =
        [(0.0, 0.0), (10.0, 0.0), (10.0, 80.0), (90.0, 80.0), (90.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)];
    let ((x, y), room) = widest_span(&ring).unwrap();
    assert!(y > 80.0 && (x - 50.0).abs() < 1.0 && (room - 100.0).abs() < 0.1);
}

#[test]
fn hexagons_of_odd_rows_lie_half_a_cell_to_the_right() {
    let cell = |x, y| HexCell { x, y, name: "街".into(), value: "1".into(), class: Some(1), href: String::new() };
    let svg = hex_map("h", "t", &[cell(0, 0), cell(0, 1)]).to_string();
    let labels: Vec<&str> = svg.split("<text x=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(labels, ["61.7", "115.4"]);
    assert_eq!(svg.matches("<path class=\"a c1\"").count(), 2);
}

#[test]
fn nothing_to_draw_says_where_to_look() {
    assert!(choropleth("m", "t", &[]).to_string().contains("请看列表"));
    assert!(choropleth("m", "t", &[Area::default()]).to_string().contains("请看列表"));
    assert!(hex_map("m", "t", &[]).to_string().contains("请看列表"));
}

#[test]
fn names_cannot_leave_the_drawing() {
    let mut area = square(121.0, "<b>", Some(1));
    area.value = "\"&".into();
    let svg = choropleth("m", "<i>", &[area]).to_string();
    assert!(!svg.contains("<b>") && !svg.contains("<i>") && svg.contains("&lt;b&gt;"));
}

#[test]
fn the_island_gets_the_same_areas() {
    let data = island_data("托位", &[square(121.0, "甲", None)], &[]).to_string();
    let value: Value = serde_json::from_str(&data).unwrap();
    let area = &value["areas"]["features"][0];
    assert_eq!(area["properties"]["class"], 0);
    assert_eq!(area["properties"]["value"], "—");
    let at = area["properties"]["at"].as_array().unwrap();
    assert!((at[0].as_f64().unwrap() - 121.05).abs() < 0.001);
}

#[test]
fn a_long_name_stands_in_two_lines_of_its_cell() {
    let cell = |name: &str| HexCell { name: name.into(), value: "87.5%".into(), class: Some(1), ..HexCell::default() };
    let svg = hex_map("h", "t", &[cell("扬州经济技术开发")]).to_string();
    assert!(svg.contains(">扬州经济<") && svg.contains(">技术开发<") && svg.contains(">87.5%<"), "{svg}");
    let svg = hex_map("h", "t", &[cell("一个无论怎样也写不进格子里去的名字")]).to_string();
    assert!(!svg.contains("一个无论") && svg.contains(">87.5%<"), "{svg}");
}

#[test]
fn marks_are_told_apart_by_shape_and_those_outside_are_left_out() {
    let mark = |lon: f64, kind, name: &str| Mark { at: [lon, 31.05], kind, name: name.into() };
    let marks = [
        mark(121.02, MarkKind::There, "<甲>食堂"),
        mark(121.08, MarkKind::Missing, "40 人走不到"),
        mark(125.0, MarkKind::There, "远处"),
    ];
    let svg = marked_map("m", "t", &[square(121.0, "甲", Some(2))], &marks).to_string();
    assert!(svg.contains("<circle class=\"mk there\"") && svg.contains("<title>&lt;甲&gt;食堂</title>"), "{svg}");
    assert!(svg.contains("<path class=\"mk missing\"") && svg.contains("40 人走不到"));
    assert!(!svg.contains("远处"));
}
