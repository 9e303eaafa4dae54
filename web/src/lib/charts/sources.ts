import { api, type Schemas } from '$lib/api/client';
import type { BarSource, Line, Span, WindowSource } from './bar-source';
import { beside, columnsOf, type Columns } from './columns';
import type { Mark } from './trade-marks';

export const iso = (seconds: number) => new Date(Math.round(seconds) * 1000).toISOString();

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
	/** Seconds from bar to bar, on average. */
	each: number;
	/** Whether the strategy declares series. */
	series: boolean;
}

/** Candles of a result with its account below them and the strategy's own series, in at most so many points a window. */
export function resultOf(stretch: Stretch): WindowSource {
	async function part(path: 'chart' | 'series', { from, to }: Span, points: number): Promise<Columns> {
		const { response } = await api.GET(`/api/v1/results/{session_id}/${path}`, {
			params: {
				path: { session_id: stretch.id },
				query: {
					instrument: stretch.instrument,
					from: iso(from),
					to: iso(to),
					points,
					...(path === 'series' ? { format: 'binary' as const } : {})
				}
			},
			parseAs: 'stream'
		});
		return columnsOf(response);
	}
	return {
		from: stretch.from,
		to: stretch.to,
		each: stretch.each,
		async window(span, points) {
			if (!stretch.series) return part('chart', span, points);
			const [bars, series] = await Promise.all([part('chart', span, points), part('series', span, points)]);
			return beside(series, bars);
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

/** Trades of one instrument as they are drawn; decimal strings become numbers for the canvas only. */
export function marksOf(trades: readonly Schemas['Trade'][], instrument: string): Mark[] {
	return trades
		.filter((trade) => trade.instrument === instrument)
		.map((trade) => ({
			id: trade.number,
			direction: trade.direction,
			entry: Date.parse(trade.entry_at) / 1000,
			entryPrice: Number(trade.entry_price),
			exit: Date.parse(trade.exit_at) / 1000,
			exitPrice: Number(trade.exit_price),
			won: !trade.pnl.startsWith('-')
		}));
}
