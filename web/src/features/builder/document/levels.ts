/** The levels of an action, and where they would lie on the last bars. They are drawn and never said: the server computes what counts. */
import { isObject, read, type Json, type JsonObject, type Path } from './paths';

export type Mode = 'fraction' | 'price' | 'series';

export function modeOf(level: Json): Mode {
	if (!isObject(level)) return 'fraction';
	return 'price' in level ? 'price' : 'series';
}

/** The same level told otherwise, as far as it can be. */
export function levelAs(mode: Mode, level: Json, close: number | null, series: string): Json {
	if (modeOf(level) === mode) return level;
	if (mode === 'fraction') return 0.02;
	return mode === 'price' ? { price: close ?? 100 } : { series, times: 2 };
}

export const SIZED: readonly string[] = ['enter_long', 'enter_short', 'target'];
export const ENTRIES: readonly string[] = ['enter_long', 'enter_short'];
const BRACKET = ['reference', 'stop_loss', 'take_profit', 'trailing_stop', 'time_limit', 'scale_in'];

/** The keys that another action has no place for go; those of a size are carried over. */
export function actionAs(action: string, then: JsonObject): JsonObject {
	const dropped = new Set<string>();
	if (!SIZED.includes(action)) for (const key of [...BRACKET, 'limit', 'size', 'value']) dropped.add(key);
	if (!ENTRIES.includes(action)) dropped.add('limit');
	if (action !== 'target') dropped.add('value');
	const kept = Object.fromEntries(Object.entries(then).filter(([key]) => !dropped.has(key)));
	const sized = SIZED.includes(action) && kept.size === undefined && kept.value === undefined;
	return { ...kept, action, ...(sized ? { size: then.value ?? then.size ?? 1 } : {}) };
}

export type Tone = 'entry' | 'stop' | 'profit' | 'trailing' | 'rung';
export interface Line {
	tone: Tone;
	price: number;
	/** Which of its kind, from 1. */
	number: number;
	path: Path;
}

export interface Prices {
	close: number;
	/** The last value of a series. */
	value: (series: string) => number | null;
	parameter: (name: string) => number | null;
}

export function linesOf(then: Json, prices: Prices): Line[] {
	if (!isObject(then) || !SIZED.includes(String(then.action))) return [];
	const { parameter, value } = prices;
	const number = (at: Json): number | null => {
		if (typeof at === 'number') return at;
		return typeof at === 'string' && at.startsWith('$') ? parameter(at.slice(1)) : null;
	};
	const size = number(then.value ?? then.size) ?? 1;
	const side = then.action === 'enter_short' || (then.action === 'target' && size < 0) ? -1 : 1;
	const offset = number(read(then, ['limit', 'offset'])) ?? 0;
	const entry = prices.close * (1 + side * offset);

	/** `gain` is 1 where the level lies in our favour, -1 where it lies against us. */
	const priceOf = (level: Json, gain: 1 | -1): number | null => {
		if (!isObject(level)) {
			const fraction = number(level);
			return fraction === null ? null : entry * (1 + side * gain * fraction);
		}
		if ('price' in level) return number(level.price);
		const [one, times] = [value(String(level.series)), number(level.times)];
		return one === null || times === null ? null : entry + side * gain * one * times;
	};
	const lines: Line[] = [{ tone: 'entry', price: entry, number: 1, path: ['limit'] }];
	const add = (tone: Tone, level: Json, gain: 1 | -1, path: Path, at = 0): void => {
		const price = level == null ? null : priceOf(level, gain);
		if (price !== null && Number.isFinite(price) && price > 0)
			lines.push({ tone, price, number: at + 1, path });
	};
	add('stop', then.stop_loss, -1, ['stop_loss']);
	const profits = Array.isArray(then.take_profit)
		? (then.take_profit as Json[])
		: then.take_profit == null
			? []
			: [then.take_profit];
	profits.forEach((each, at) =>
		add('profit', isObject(each) && 'at' in each ? each.at : each, 1, ['take_profit', at, 'at'], at)
	);
	const trailing = then.trailing_stop;
	add('trailing', isObject(trailing) && 'distance' in trailing ? trailing.distance : trailing, -1, [
		'trailing_stop'
	]);
	const rungs = Array.isArray(then.scale_in) ? (then.scale_in as Json[]) : [];
	rungs.forEach((rung, at) => add('rung', read(rung, ['at']), 1, ['scale_in', at, 'at'], at));
	return lines;
}
