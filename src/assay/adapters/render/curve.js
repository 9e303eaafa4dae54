// The crosshair of the equity chart: it looks written values up, and computes none.
(() => {
  'use strict';
  const source = document.getElementById('curve-data');
  const frame = document.querySelector('.curve');
  if (!source || !frame) return;
  const data = JSON.parse(source.textContent);
  const cross = frame.querySelector('.cross');
  const plot = frame.querySelector('.plot');
  const readout = document.getElementById('curve-readout');
  let place = data.x.length - 1;

  function show(at) {
    place = Math.max(0, Math.min(data.x.length - 1, at));
    cross.hidden = false;
    cross.style.left = (data.x[place] / 100) * plot.clientWidth + 'px';
    const parts = [data.at[place], ['Equity', data.equity[place]], ['Hold', data.hold[place]], ['Drawdown', data.drawdown[place]]];
    readout.replaceChildren(...parts.flatMap((part) => {
      if (typeof part === 'string') return [part];
      const value = document.createElement('b');
      value.textContent = part[1];
      return [' · ' + part[0] + ' ', value];
    }));
  }

  function hide() {
    cross.hidden = true;
    readout.replaceChildren();
  }

  function nearest(percent) {
    let low = 0;
    let high = data.x.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (data.x[middle] < percent) low = middle + 1;
      else high = middle;
    }
    return low > 0 && percent - data.x[low - 1] < data.x[low] - percent ? low - 1 : low;
  }

  frame.addEventListener('pointermove', (event) => {
    const box = plot.getBoundingClientRect();
    show(nearest(((event.clientX - box.left) / box.width) * 100));
  });
  frame.addEventListener('pointerleave', hide);
  frame.addEventListener('blur', hide);
  frame.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
    if (step) show(place + step);
    else if (event.key === 'Home') show(0);
    else if (event.key === 'End') show(data.x.length - 1);
    else return;
    event.preventDefault();
  });
})();
