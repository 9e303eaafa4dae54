import type { Span } from '$lib/charts/bar-source';
import { iso } from '$lib/charts/sources';
import { api, body, type Schemas } from '$lib/api/client';

const PAGE = 200;
/** More marks than this on one screen nobody can tell apart; the tables have all trades. */
const MOST = 600;

/** Trades to mark, and how many there are; none where they are too many to tell apart. */
export interface Marked {
	trades: Schemas['Trade'][];
	total: number;
}

/** Whether all trades of a result can be marked at once. */
export const fewEnough = (trades: number) => trades <= MOST;

/** Where somebody looks, and half as much on either side, so that a step aside shows marks at once. */
export function around(view: Span): Span {
	const half = (view.to - view.from) / 2;
	return { from: view.from - half, to: view.to + half };
}

/** The trades of one instrument that were open in a stretch; all of them where none is given. */
export async function tradesToMark(id: string, instrument: string, span: Span | null): Promise<Marked> {
	const trades: Schemas['Trade'][] = [];
	const stretch = span && { from: iso(span.from), to: iso(span.to) };
	let cursor: string | null = null;
	do {
		const query = { instrument, limit: PAGE, ...stretch, ...(cursor ? { cursor } : {}) };
		const page: Schemas['List_Trade_'] = await body(
			api.GET('/api/v1/results/{session_id}/trades', { params: { path: { session_id: id }, query } })
		);
		if (page.total > MOST) return { trades: [], total: page.total };
		trades.push(...page.items);
		cursor = page.next_cursor;
	} while (cursor !== null);
	return { trades, total: trades.length };
}
