export { default as CandleChart } from './CandleChart.svelte';
export { here, together, type BarSource, type Line, type Source, type WindowSource } from './candles.svelte';
export { columnsOf, type Columns } from './columns';
export type { Curve } from './curves';
export { default as EquityChart } from './EquityChart.svelte';
export { default as Histogram } from './Histogram.svelte';
export { default as MonthlyHeatmap } from './MonthlyHeatmap.svelte';
export { barsOf, linesOf, marksOf, resultOf, type Stretch } from './sources';
export type { Mark } from './trade-marks';
