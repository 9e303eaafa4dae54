const COLUMNS = [
	'strategy_name',
	'ended_at',
	'bars',
	'total_return',
	'max_drawdown',
	'sharpe',
	'trades'
] as const;
type Column = (typeof COLUMNS)[number];
export type Sort = Column | `-${Column}`;
export type Outcome = 'profit' | 'loss';

const isSort = (text: string | null): text is Sort =>
	text !== null && (COLUMNS as readonly string[]).includes(text.replace(/^-/, ''));
const isDay = (text: string | null): text is string =>
	text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

const NEXT_DAY = 86_400_000;
export interface Filter {
	search: string;
	instrument: string;
	outcome: Outcome | '';
	/** Days, as `2026-11-21`. */
	from: string;
	to: string;
	sort: Sort;
}

export const NOTHING: Partial<Filter> = { search: '', instrument: '', outcome: '', from: '', to: '' };

/** What an address asks for. What it says that makes no sense is as if it were not there: addresses are typed and shared. */
export function read(params: URLSearchParams): Filter {
	const [outcome, from, to, sort] = ['outcome', 'from', 'to', 'sort'].map((name) => params.get(name));
	return {
		search: params.get('search')?.slice(0, 120) ?? '',
		instrument: params.get('instrument') ?? '',
		outcome: (outcome === 'profit' || outcome === 'loss' ? outcome : '') as Outcome | '',
		from: isDay(from ?? null) ? (from as string) : '',
		to: isDay(to ?? null) ? (to as string) : '',
		sort: isSort(sort ?? null) ? (sort as Sort) : ('-ended_at' as Sort)
	};
}

/** The same as the server is asked; a day is asked for up to its end. */
export function asked(filter: Filter) {
	const { search, instrument, outcome, from, to } = filter;
	return {
		...(search.trim() ? { search: search.trim() } : {}),
		...(instrument ? { instrument } : {}),
		...(outcome ? { outcome } : {}),
		...(from ? { from: new Date(Date.parse(from)).toISOString() } : {}),
		...(to ? { to: new Date(Date.parse(to) + NEXT_DAY).toISOString() } : {})
	};
}

/** The words of an address after a change. */
export function changed(params: URLSearchParams, change: Partial<Filter>): string {
	const after = new URLSearchParams(params);
	for (const [name, value] of Object.entries(change)) {
		if (value) after.set(name, value);
		else after.delete(name);
	}
	return after.toString();
}
