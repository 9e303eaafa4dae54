/** The order in which rules run, and the priorities that make another one. */
import { isObject, write, type Json } from './paths';

const EXITS = new Set(['exit', 'exit_long', 'exit_short', 'halt']);
const APART = 10;

interface Ranked {
	at: number;
	priority: number;
	exit: boolean;
}

const ranked = (rules: readonly Json[]): Ranked[] =>
	rules.map((rule, at) => {
		const { priority, then } = isObject(rule) ? rule : {};
		return {
			at,
			priority: typeof priority === 'number' ? priority : 0,
			exit: isObject(then) && EXITS.has(String(then.action))
		};
	});

const order = (rules: readonly Ranked[]): number[] =>
	rules
		.toSorted((a, b) => a.priority - b.priority || Number(b.exit) - Number(a.exit) || a.at - b.at)
		.map(({ at }) => at);

/** Places in the document, in running order: lowest priority first, equal ones exits first, then as they are written. */
export const running = (rules: readonly Json[]): number[] => order(ranked(rules));

/** The rule runs as the `place`-th; only its own priority changes where one between its neighbours' does it. */
export function ranAs(rules: readonly Json[], rule: number, place: number): Json[] {
	const others = running(rules).filter((at) => at !== rule);
	const wanted = others.toSpliced(place, 0, rule);
	const all = ranked(rules);
	const [before, after] = [others[place - 1], others[place]].map((at) =>
		at === undefined ? undefined : all[at]
	);
	const [low, high] = [
		before?.priority ?? (after?.priority ?? 0) - APART,
		after?.priority ?? (before?.priority ?? 0) + APART
	];
	const middle = Math.floor((low + high) / 2);
	const own = all[rule]?.priority ?? 0;
	for (const priority of [own, ...(before && after ? [middle] : [before ? high : low]), low, high]) {
		const tried = all.map((each) => (each.at === rule ? { ...each, priority } : each));
		if (order(tried).join() === wanted.join())
			return rules.with(rule, write(rules[rule], ['priority'], priority));
	}
	return rules.map((each, at) => write(each, ['priority'], APART * (wanted.indexOf(at) + 1)));
}
