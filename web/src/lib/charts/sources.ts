import { beside, columnsOf, EMPTY, type Columns } from './columns';
import type { BarSource, Line } from './candles.svelte';
import type { Mark } from './trade-marks';
import { api, type Schemas } from '$lib/api/client';

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const MOST = 20_000;

/** Bars as they are stored. */
export function barsOf(instrument: string, timeframe: string): BarSource {
	return {
		async before(time, limit) {
			const { response } = await api.GET('/api/v1/market/bars', {
				params: {
					query: {
						instrument,
						timeframe,
						limit,
						format: 'binary',
						...(time === null ? {} : { before: iso(time) })
					}
				},
				parseAs: 'stream'
			});
			return columnsOf(response);
		}
	};
}

/** What a result's chart needs to know of it. */
export interface Stretch {
	id: string;
	instrument: string;
	/** Seconds since 1970: when its first bar opened, and when its last one closed. */
	from: number;
	to: number;
	/** Seconds of one bar. */
	each: number;
}

/** Candles of a result with its account below them and the strategy's own series, a stretch of time a page. */
export function resultOf(stretch: Stretch): BarSource {
	async function page(path: 'chart' | 'series', from: number, to: number): Promise<Columns> {
		const { response } = await api.GET(`/api/v1/results/{session_id}/${path}`, {
			params: {
				path: { session_id: stretch.id },
				query: {
					instrument: stretch.instrument,
					from: iso(from),
					to: iso(to),
					points: MOST,
					...(path === 'series' ? { format: 'binary' as const } : {})
				}
			},
			parseAs: 'stream'
		});
		return columnsOf(response);
	}
	return {
		async before(time, rows) {
			let to = time ?? stretch.to;
			// Where the market was closed for longer than a page, the page before it is asked for.
			while (to > stretch.from) {
				const from = Math.max(stretch.from, to - Math.min(rows, MOST) * stretch.each);
				const [bars, series] = await Promise.all([page('chart', from, to), page('series', from, to)]);
				if (bars.time.length > 0) return beside(series, bars);
				to = from;
			}
			return EMPTY;
		}
	};
}

/** The strategy's series as lines: those that live among prices over the candles, each other one in a pane of its own. */
export function linesOf(panes: Schemas['SeriesColumns']['panes']): Line[] {
	return Object.entries(panes).map(([column, pane]) => ({
		column,
		label: column,
		pane: pane === 'price' ? 'price' : column
	}));
}

/** Trades as they are drawn; decimal strings become numbers for the canvas only. */
export function marksOf(trades: readonly Schemas['Trade'][]): Mark[] {
	return trades.map((trade) => ({
		id: trade.number,
		direction: trade.direction,
		entry: Date.parse(trade.entry_at) / 1000,
		entryPrice: Number(trade.entry_price),
		exit: Date.parse(trade.exit_at) / 1000,
		exitPrice: Number(trade.exit_price),
		won: !trade.pnl.startsWith('-')
	}));
}
