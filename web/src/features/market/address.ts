/** What the page shows, as its address says it: shared and gone back to, and typed by hand. */

/** An indicator over the chart: its id in the catalog, and the parameters that are not its own. */
export interface Overlay {
	indicator: string;
	parameters: Readonly<Record<string, number>>;
}

export interface Shown {
	instrument: string;
	timeframe: string;
	overlays: readonly Overlay[];
	/** The session whose trades are drawn. */
	session: string;
	/** The watchlist beside the chart. */
	list: string;
}

/** More lines than this nobody tells apart. */
export const MOST = 8;
const NAME = /^[a-z0-9_]{1,40}$/i;

/** What makes no sense is as if it were not there. */
export function read(params: URLSearchParams): Shown {
	const text = (name: string) => params.get(name)?.slice(0, 200) ?? '';
	return {
		instrument: /^[^:]+:\S+$/.test(text('instrument')) ? text('instrument') : '',
		timeframe: text('timeframe') || '1h',
		overlays: params
			.getAll('i')
			.slice(0, MOST)
			.flatMap((each) => overlay(each) ?? []),
		session: text('session'),
		list: text('list')
	};
}

/** The words of an address after a change. */
export function changed(params: URLSearchParams, change: Partial<Shown>): string {
	const after = new URLSearchParams(params);
	const { overlays, ...texts } = change;
	for (const [name, value] of Object.entries(texts)) {
		if (value) after.set(name, value);
		else after.delete(name);
	}
	if (overlays) {
		after.delete('i');
		for (const each of overlays) after.append('i', written(each));
	}
	return after.toString();
}

/** `bbands*timeperiod*20`: signs that an address leaves as they are. */
function written({ indicator, parameters }: Overlay): string {
	return [indicator, ...Object.entries(parameters).flatMap(([name, value]) => [name, String(value)])].join(
		'*'
	);
}

function overlay(text: string): Overlay | null {
	const [indicator = '', ...rest] = text.split('*');
	const parameters: Record<string, number> = {};
	for (let at = 0; at + 1 < rest.length; at += 2) {
		const [name, value] = [rest[at] ?? '', Number(rest[at + 1])];
		if (!NAME.test(name) || !Number.isFinite(value)) return null;
		parameters[name] = value;
	}
	return NAME.test(indicator) ? { indicator, parameters } : null;
}
