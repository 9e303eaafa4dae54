import { api, body, type Schemas } from '$lib/api/client';

export type TracedBar = Schemas['TracedBar'];

/** One bar, and where one can go from it; bars are named by their open, as the server writes it. */
export interface Looked {
	/** None where the instrument has no bar from there on. */
	readonly bar: TracedBar | null;
	readonly previous: string | null;
	readonly next: string | null;
	/** The next bar with the same outcome, and how many there are after this one. */
	readonly nextAlike: string | null;
	readonly alike: number;
}

interface Asked {
	from?: string;
	to?: string;
	outcome?: string;
	limit?: number;
	cursor?: string;
}

/** The first bar that opens at `at` or after it. */
export async function look(id: string, instrument: string, at: string): Promise<Looked> {
	const ask = (query: Asked) => {
		const params = { path: { session_id: id }, query: { instrument, limit: 1, ...query } };
		return body(api.GET('/api/v1/results/{session_id}/trace', { params }));
	};
	const [here, earlier] = await Promise.all([ask({ from: at, limit: 2 }), ask({ to: at })]);
	const [bar = null, next] = here.items;
	const [before, alike] = await Promise.all([
		earlier.total ? ask({ to: at, cursor: String(earlier.total - 1) }) : earlier,
		bar ? ask({ from: bar.closed_at, outcome: bar.outcome }) : here
	]);
	return {
		bar,
		previous: before.items[0]?.opened_at ?? null,
		next: next?.opened_at ?? null,
		nextAlike: alike.items[0]?.opened_at ?? null,
		alike: alike.total
	};
}
