// The map island: takes the server-drawn map's data block and adds zoom, dragging and details.
// Data: { areas: GeoJSON with properties {name, value, class, at: [lon, lat], href}, points: [{at, kind, name, text, href}], label }.
import L from 'leaflet';
import 'leaflet/dist/leaflet.css';

const CLUSTER_OVER = 200;
const CELL = 56;
const token = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
const back = ([lon, lat]) => [lat, lon];

const esc = (text) => {
  const holder = document.createElement('span');
  holder.textContent = text;
  return holder.innerHTML;
};
const detail = (name, text, href) =>
  `<b>${esc(name)}</b>${text ? `<br>${esc(text)}` : ''}${href ? `<br><a href="${esc(href)}">查看</a>` : ''}`;

const drawAreas = (map, areas) => {
  const layer = L.geoJSON(areas, {
    style: (feature) => {
      const known = feature.properties.class > 0;
      return {
        color: token(known ? '--map-line' : '--line-strong'), weight: known ? 1 : 1.5, dashArray: known ? null : '4 4',
        fillColor: token(known ? `--m${feature.properties.class}` : '--surface'), fillOpacity: 1,
      };
    },
    onEachFeature: (feature, shape) => {
      const { name, value, href } = feature.properties;
      shape.bindPopup(detail(name, value, href));
    },
  }).addTo(map);
  for (const { properties } of areas.features) {
    if (!properties.at) continue;
    const dark = properties.class >= 5 ? ' dark' : '';
    L.tooltip({ permanent: true, direction: 'center', className: `st${dark}`, interactive: false })
      .setLatLng(back(properties.at)).setContent(`${esc(properties.short || properties.name)}<br>${esc(properties.value)}`).addTo(map);
  }
  return layer;
};

// Points near each other become one circle with a number, once there are many.
const clustered = (map, points) => {
  if (points.length <= CLUSTER_OVER) return points.map((point) => [point]);
  const cells = new Map();
  for (const point of points) {
    const at = map.project(back(point.at));
    const key = `${Math.floor(at.x / CELL)}:${Math.floor(at.y / CELL)}`;
    cells.set(key, [...(cells.get(key) || []), point]);
  }
  return [...cells.values()];
};

const drawPoints = (map, group, points) => {
  group.clearLayers();
  for (const cell of clustered(map, points)) {
    const [first] = cell;
    const mean = (axis) => cell.reduce((sum, point) => sum + point.at[axis], 0) / cell.length;
    const at = back([mean(0), mean(1)]);
    if (cell.length > 1) {
      L.circleMarker(at, { radius: 10 + Math.min(12, Math.sqrt(cell.length)), color: token('--surface'), weight: 2, fillColor: token('--brand'), fillOpacity: 1 })
        .on('click', () => map.setView(at, map.getZoom() + 1.5))
        .bindTooltip(String(cell.length), { permanent: true, direction: 'center', className: 'st dark' }).addTo(group);
    } else {
      L.circleMarker(at, { radius: 6, color: token('--surface'), weight: 2, fillColor: token(`--series-${first.kind || 1}`), fillOpacity: 1 })
        .bindPopup(detail(first.name, first.text, first.href)).addTo(group);
    }
  }
};

for (const box of document.querySelectorAll('[data-island=map]')) {
  const block = document.querySelector(box.dataset.src);
  if (!block) continue;
  const data = JSON.parse(block.textContent);
  const map = L.map(box, { preferCanvas: true, zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0, zoomDelta: 0.5, keyboard: true });
  L.control.zoom({ zoomInTitle: '放大', zoomOutTitle: '缩小' }).addTo(map);
  const areas = drawAreas(map, data.areas);
  map.fitBounds(areas.getBounds(), { padding: [8, 8] });
  if (data.points && data.points.length) {
    const group = L.layerGroup().addTo(map);
    const redraw = () => drawPoints(map, group, data.points);
    redraw();
    if (data.points.length > CLUSTER_OVER) map.on('zoomend', redraw);
  }
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', `${data.label}，方向键移动，加减号缩放；数值见下方列表`);
  box.classList.add('live');
}
