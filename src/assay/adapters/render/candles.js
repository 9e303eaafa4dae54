// Candles with the marks of trades. Prices are whole numbers of their last decimal: digits get a point, nothing is computed from money.
(() => {
  'use strict';
  const source = document.getElementById('candles-data');
  const canvas = document.getElementById('candles');
  if (!source || !canvas) return;

  const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const MINUTES = [1, 5, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 7200, 14400];
  const LATEST = 200;
  const LEAST = 12;
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  const ints = (text) => new Int32Array(bytes(text));
  const charts = JSON.parse(source.textContent).map((raw) => ({
    decimals: raw.decimals,
    daily: raw.daily,
    minutes: ints(raw.minutes),
    open: ints(raw.open),
    high: ints(raw.high),
    low: ints(raw.low),
    close: ints(raw.close),
    most: 0,
    volume: new Uint16Array(bytes(raw.volume)),
    trades: {
      number: ints(raw.trades.number),
      entry: ints(raw.trades.entry),
      exit: ints(raw.trades.exit),
      entryPrice: ints(raw.trades.entry_price),
      exitPrice: ints(raw.trades.exit_price),
      direction: ints(raw.trades.direction),
      won: ints(raw.trades.won),
      text: raw.trades.text,
    },
  }));
  for (const each of charts) each.most = each.high.reduce((a, b) => Math.max(a, b), 0); // the widest price
  const legend = document.getElementById('candles-legend');
  const said = document.getElementById('candles-said');
  const select = document.getElementById('candles-instrument');
  const pen = canvas.getContext('2d');

  let chart = charts[0];
  let from = 0; // the candle at the left edge, a fraction where it is cut
  let span = LATEST; // candles between the edges
  let chosen = -1; // place of a trade among this instrument's
  let pointed = -1; // the candle under the pointer
  let scale = null; // how prices were drawn last
  let asked = 0;

  // ---- Words

  // `dropped` last digits are left out: an axis of whole numbers needs no decimals
  function price(value, dropped = 0) {
    const sign = value < 0 ? '−' : '';
    const digits = String(Math.abs(value)).padStart(chart.decimals + 1, '0');
    const point = digits.length - chart.decimals;
    const grouped = digits.slice(0, point).replace(/\B(?=(\d{3})+$)/g, ',');
    const decimals = digits.slice(point, digits.length - dropped);
    return sign + grouped + (decimals ? '.' + decimals : '');
  }

  const two = (number) => String(number).padStart(2, '0');

  function stamp(minutes) {
    const at = new Date(minutes * 60000);
    const day = at.getUTCFullYear() + '-' + two(at.getUTCMonth() + 1) + '-' + two(at.getUTCDate());
    return chart.daily ? day : day + ' ' + two(at.getUTCHours()) + ':' + two(at.getUTCMinutes());
  }

  // A label and its value, kept on one line
  function pair(label, text, name) {
    const whole = document.createElement('span');
    const value = document.createElement('b');
    value.textContent = text;
    if (name) value.className = name;
    whole.append(label, value);
    return whole;
  }

  function describe() {
    const last = Math.min(chart.open.length - 1, Math.ceil(from + span) - 1);
    const at = pointed >= 0 && pointed < chart.open.length ? pointed : last;
    if (at < 0) return legend.replaceChildren();
    const name = chart.close[at] >= chart.open[at] ? 'up' : 'down';
    const parts = [pair('', stamp(chart.minutes[at]))];
    for (const [letter, column] of [['O ', chart.open], ['H ', chart.high], ['L ', chart.low], ['C ', chart.close]]) {
      parts.push(pair(letter, price(column[at]), name));
    }
    if (chosen >= 0) parts.push(pair('Trade ' + (chart.trades.number[chosen] + 1) + ' ', chart.trades.text[chosen], chart.trades.won[chosen] ? 'up' : 'down'));
    legend.replaceChildren(...parts);
  }

  // ---- Drawing

  function colors() {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue('--' + name).trim();
    return { up: read('candle-up'), down: read('candle-down'), grid: read('grid'), line: read('line-2'), text: read('fg-3'), fg: read('fg'), surface: read('surface'), brand: read('brand'), font: '11px ' + read('sans') };
  }

  function measure() {
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.font = colors().font;
    return { width, height, plot: width - Math.max(48, Math.ceil(pen.measureText(price(Math.round(chart.most * 1.2))).width) + 16), base: height - 24 };
  }

  function extent(first, last) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = first; i <= last; i++) {
      if (chart.low[i] < low) low = chart.low[i];
      if (chart.high[i] > high) high = chart.high[i];
    }
    if (low === Infinity) return { low: 0, high: 1 };
    const room = Math.max((high - low) * 0.08, 1);
    return { low: low - room, high: high + room };
  }

  function draw() {
    asked = 0;
    const paint = colors();
    const box = measure();
    const first = Math.max(0, Math.floor(from));
    const last = Math.min(chart.open.length - 1, Math.ceil(from + span));
    const { low, high } = extent(first, last);
    const wide = box.plot / span;
    const x = (place) => (place + 0.5 - from) * wide;
    const y = (value) => 8 + ((high - value) / (high - low)) * (box.base * 0.84 - 8);
    scale = { box, wide };

    pen.clearRect(0, 0, box.width, box.height);
    levels(paint, box, low, high, y);
    times(paint, box, first, last, x);
    pen.save();
    pen.beginPath();
    pen.rect(0, 0, box.plot, box.base);
    pen.clip();
    volumes(paint, box, first, last, x, wide);
    candles(paint, first, last, x, y, wide);
    marks(paint, first, last, x, y, wide);
    if (pointed >= 0) upright(paint, box, x(pointed));
    pen.restore();
    pen.strokeStyle = paint.line;
    pen.beginPath();
    pen.moveTo(box.plot + 0.5, 0);
    pen.lineTo(box.plot + 0.5, box.base);
    pen.moveTo(0, box.base + 0.5);
    pen.lineTo(box.width, box.base + 0.5);
    pen.stroke();
    describe();
  }

  function levels(paint, box, low, high, y) {
    const rough = Math.max(1, (high - low) / Math.max(2, box.base / 48));
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = Math.max(1, power * [1, 2, 5, 10].find((factor) => power * factor >= rough));
    let dropped = 0;
    while (dropped < chart.decimals && Math.round(step) % 10 ** (dropped + 1) === 0) dropped++;
    pen.textBaseline = 'middle';
    pen.textAlign = 'left';
    for (let value = Math.ceil(low / step) * step; value <= high; value += step) {
      const at = Math.round(y(value)) + 0.5;
      if (at > box.base - 6) continue;
      pen.strokeStyle = paint.grid;
      pen.beginPath();
      pen.moveTo(0, at);
      pen.lineTo(box.plot, at);
      pen.stroke();
      pen.fillStyle = paint.text;
      pen.fillText(price(Math.round(value), dropped), box.plot + 8, at);
    }
  }

  function times(paint, box, first, last, x) {
    if (last < first) return;
    const minutes = chart.minutes;
    const room = ((minutes[last] - minutes[first]) / Math.max(1, box.plot)) * 66;
    const step = MINUTES.find((size) => size >= room);
    const months = step ? 0 : [1, 2, 3, 6, 12, 24, 60].find((size) => size * 43200 >= room) || 120;
    let before = null;
    let edge = -Infinity;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    for (let i = Math.max(0, first - 1); i <= last; i++) {
      const at = new Date(minutes[i] * 60000);
      const group = step ? Math.floor(minutes[i] / step) : Math.floor((at.getUTCFullYear() * 12 + at.getUTCMonth()) / months);
      if (before !== null && group !== before && x(i) - edge > 44 && x(i) > 20 && x(i) < box.plot - 16) {
        const midnight = Math.floor(minutes[i] / 1440) !== Math.floor(minutes[i - 1] / 1440);
        const year = at.getUTCFullYear();
        const text = step && step < 1440 && !midnight ? two(at.getUTCHours()) + ':' + two(at.getUTCMinutes())
          : step ? at.getUTCDate() + ' ' + MONTHS[at.getUTCMonth()]
          : at.getUTCMonth() < months && (months >= 12 || at.getUTCMonth() === 0) ? String(year) : MONTHS[at.getUTCMonth()];
        const place = Math.round(x(i)) + 0.5;
        pen.strokeStyle = paint.grid;
        pen.beginPath();
        pen.moveTo(place, 0);
        pen.lineTo(place, box.base);
        pen.stroke();
        pen.fillStyle = paint.text;
        pen.fillText(text, place, box.base + 13);
        edge = x(i);
      }
      before = group;
    }
  }

  function volumes(paint, box, first, last, x, wide) {
    if (!chart.volume.length) return;
    let most = 1;
    for (let i = first; i <= last; i++) if (chart.volume[i] > most) most = chart.volume[i];
    const body = Math.max(1, Math.floor(wide * 0.72));
    pen.globalAlpha = 0.24;
    for (let i = first; i <= last; i++) {
      const tall = (chart.volume[i] / most) * box.base * 0.13;
      pen.fillStyle = chart.close[i] >= chart.open[i] ? paint.up : paint.down;
      pen.fillRect(Math.round(x(i) - body / 2), box.base - tall, body, tall);
    }
    pen.globalAlpha = 1;
  }

  function candles(paint, first, last, x, y, wide) {
    const each = Math.max(1, Math.floor(1 / wide)); // when narrower than a pixel, several share one
    const body = Math.max(1, Math.floor(wide * 0.72));
    for (let i = first; i <= last; i += each) {
      const end = Math.min(last, i + each - 1);
      let high = chart.high[i];
      let low = chart.low[i];
      for (let k = i + 1; k <= end; k++) {
        if (chart.high[k] > high) high = chart.high[k];
        if (chart.low[k] < low) low = chart.low[k];
      }
      const middle = Math.round(x(i));
      pen.fillStyle = chart.close[end] >= chart.open[i] ? paint.up : paint.down;
      pen.fillRect(middle, y(high), 1, Math.max(1, y(low) - y(high)));
      if (wide >= 2.5) {
        const top = y(Math.max(chart.open[i], chart.close[i]));
        const tall = Math.max(1, Math.abs(y(chart.open[i]) - y(chart.close[i])));
        pen.fillRect(middle - Math.floor(body / 2), top, body, tall);
      }
    }
  }

  function marks(paint, first, last, x, y, wide) {
    const trades = chart.trades;
    const size = wide >= 4 ? 6 : 4.5;
    const seen = [];
    for (let i = 0; i < trades.number.length; i++) if (trades.exit[i] >= first && trades.entry[i] <= last) seen.push(i);
    const crowded = seen.length * 14 > scale.box.plot; // then a dot at each exit must do
    for (const i of seen) {
      if (crowded && i !== chosen) {
        pen.fillStyle = trades.won[i] ? paint.up : paint.down;
        pen.fillRect(Math.round(x(trades.exit[i])) - 1, Math.round(y(trades.exitPrice[i])) - 1, 3, 3);
        continue;
      }
      const left = x(trades.entry[i]);
      const right = x(trades.exit[i]);
      const start = y(trades.entryPrice[i]);
      const stop = y(trades.exitPrice[i]);
      const tone = trades.won[i] ? paint.up : paint.down;
      const bold = i === chosen;
      pen.strokeStyle = tone;
      pen.lineWidth = bold ? 2 : 1;
      pen.setLineDash(bold ? [] : [3, 3]);
      pen.beginPath();
      pen.moveTo(left, start);
      pen.lineTo(right, stop);
      pen.stroke();
      pen.setLineDash([]);
      arrow(left, start, trades.direction[i] > 0 ? 1 : -1, size, trades.direction[i] > 0 ? paint.up : paint.down, paint.surface);
      pen.beginPath();
      pen.arc(right, stop, size * 0.62, 0, 7);
      pen.fillStyle = paint.surface;
      pen.fill();
      pen.strokeStyle = tone;
      pen.lineWidth = bold ? 2.5 : 1.75;
      pen.stroke();
    }
    pen.lineWidth = 1;
  }

  // A long's arrow points up at its entry price from below, a short's down from above
  function arrow(x, y, way, size, fill, edge) {
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x - size, y + way * size * 1.7);
    pen.lineTo(x + size, y + way * size * 1.7);
    pen.closePath();
    pen.fillStyle = fill;
    pen.fill();
    pen.strokeStyle = edge;
    pen.stroke();
  }

  function upright(paint, box, x) {
    pen.strokeStyle = paint.text;
    pen.setLineDash([2, 3]);
    pen.beginPath();
    pen.moveTo(Math.round(x) + 0.5, 0);
    pen.lineTo(Math.round(x) + 0.5, box.base);
    pen.stroke();
    pen.setLineDash([]);
  }

  function redraw() {
    if (!asked) asked = requestAnimationFrame(draw);
  }

  // ---- Moving

  function view(left, size) {
    const count = chart.open.length;
    const most = Math.max(count * 1.04, LEAST);
    span = Math.max(Math.min(LEAST, most), Math.min(most, size));
    from = Math.max(-span * 0.5, Math.min(count - span * 0.5, left));
    redraw();
  }

  const move = (share) => view(from + share * span, span);

  function zoom(factor, share = 0.5) {
    const kept = from + share * span;
    const size = Math.max(LEAST, Math.min(chart.open.length * 1.04, span * factor));
    view(kept - share * size, size);
  }

  // As many as can be told apart on a narrow screen
  function latest() {
    const size = Math.min(LATEST, Math.max(60, Math.round(canvas.clientWidth / 3.4)));
    view(chart.open.length - size * 0.96, size);
  }

  const all = () => view(-chart.open.length * 0.01, chart.open.length * 1.03);

  function pick(number) {
    if (charts[number] === chart) return;
    chart = charts[number];
    chosen = -1;
    pointed = -1;
    if (select) select.value = String(number);
  }

  function reveal() {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    document.getElementById('candles-card').scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'nearest' });
  }

  function choose(place) {
    const trades = chart.trades;
    if (!trades.number.length) return;
    chosen = Math.max(0, Math.min(trades.number.length - 1, place));
    const length = trades.exit[chosen] - trades.entry[chosen];
    const size = Math.max(90, length * 1.7);
    view(trades.entry[chosen] + length / 2 - size / 2, size);
    const number = trades.number[chosen];
    for (const row of document.querySelectorAll('tr[data-trade]')) row.toggleAttribute('aria-current', Number(row.dataset.trade) === number);
    said.textContent = 'Trade ' + (number + 1) + ': ' + (trades.direction[chosen] > 0 ? 'long' : 'short') + ' from ' + price(trades.entryPrice[chosen]) + ' to ' + price(trades.exitPrice[chosen]) + ', ' + trades.text[chosen];
  }

  // From the last chosen trade; before any was, from what is in view
  function stepTrade(way) {
    const trades = chart.trades;
    if (chosen >= 0) return choose(chosen + way);
    const middle = from + span / 2;
    let place = trades.entry.findIndex((entry) => entry >= middle);
    if (place < 0) place = trades.number.length;
    choose(way > 0 ? place : place - 1);
  }

  // ---- Hands

  const pointers = new Map();
  let pinch = null;

  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event.offsetX);
    pinch = null;
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!scale) return;
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      pointed = Math.min(chart.open.length - 1, Math.max(-1, Math.floor(from + event.offsetX / scale.wide)));
      return redraw();
    }
    pointers.set(event.pointerId, event.offsetX);
    if (pointers.size === 1) return view(from - (event.offsetX - before) / scale.wide, span);
    const [a, b] = [...pointers.values()];
    const apart = Math.max(24, Math.abs(a - b));
    if (pinch) zoom(pinch / apart, (a + b) / 2 / scale.box.plot);
    pinch = apart;
  });
  for (const name of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(name, (event) => {
      pointers.delete(event.pointerId);
      pinch = null;
    });
  }
  canvas.addEventListener('pointerleave', () => {
    pointed = -1;
    redraw();
  });
  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) move(event.deltaX / scale.box.plot);
    else if (event.shiftKey) move(event.deltaY / scale.box.plot);
    else zoom(Math.exp(Math.max(-120, Math.min(120, event.deltaY)) * 0.0022), event.offsetX / scale.box.plot);
  }, { passive: false });
  canvas.addEventListener('dblclick', latest);
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowLeft: () => move(-0.1), ArrowRight: () => move(0.1), PageUp: () => move(-0.9), PageDown: () => move(0.9),
      '+': () => zoom(0.75), '=': () => zoom(0.75), '-': () => zoom(1.34), ArrowUp: () => zoom(0.75), ArrowDown: () => zoom(1.34),
      Home: () => view(0, span), End: latest, 0: all, n: () => stepTrade(1), p: () => stepTrade(-1),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  const actions = { in: () => zoom(0.6), out: () => zoom(1.67), all, last: latest, next: () => stepTrade(1), previous: () => stepTrade(-1) };
  for (const button of document.querySelectorAll('[data-view]')) button.addEventListener('click', actions[button.dataset.view]);
  for (const row of document.querySelectorAll('tr[data-trade]')) {
    row.addEventListener('click', () => {
      pick(Number(row.dataset.instrument));
      choose(chart.trades.number.indexOf(Number(row.dataset.trade)));
      reveal();
    });
  }
  for (const button of document.querySelectorAll('button[data-candle]')) {
    button.addEventListener('click', () => {
      pick(Number(button.dataset.instrument));
      const size = Math.min(span, 160);
      pointed = Number(button.dataset.candle);
      view(pointed - size / 2, size);
      reveal();
    });
  }
  if (select) select.addEventListener('change', () => {
    pick(Number(select.value));
    latest();
  });

  new ResizeObserver(redraw).observe(canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  latest();
})();
