import { decimal } from '$lib/format';
import { m } from '$lib/paraglide/messages';
import type { Condition, Operand } from './conditions';

type Values = ReadonlyMap<string, number>;

const SIGNS: Record<string, string> = { '>': '>', '>=': '≥', '<': '<', '<=': '≤', '==': '=', '!=': '≠' };

/** A condition in one line: `fast > slow and close rising over 2 bars`. */
export function inWords(condition: Condition, values: Values): string {
	return windowed(bare(condition, values), condition, values);
}

/** What a combination asks of the conditions inside it, as the head of a list; of a leaf, the leaf. */
export function headOf(condition: Condition, values: Values): string {
	const heads = {
		all: m.trace_all,
		any: m.trace_any,
		not: m.trace_not,
		at_least: () => m.trace_at_least({ least: amount(leastOf(condition), values) }),
		score: () => m.trace_score({ least: amount(leastOf(condition), values) })
	};
	if (!('of' in condition)) return inWords(condition, values);
	return windowed(heads[condition.kind](), condition, values);
}

/** `×2` before a part of a score. */
export const weightOf = (weight: Operand, values: Values) => `×\u2060${amount(weight, values)}`;

function bare(condition: Condition, values: Values): string {
	const said = (operand: Operand) => amount(operand, values);
	switch (condition.kind) {
		case 'comparison': {
			const sides = { left: said(condition.left), right: said(condition.right) };
			if (condition.op === 'crosses_above') return m.trace_crosses_above(sides);
			if (condition.op === 'crosses_below') return m.trace_crosses_below(sides);
			return `${sides.left} ${SIGNS[condition.op] ?? condition.op} ${sides.right}`;
		}
		case 'range': {
			const ends = { left: said(condition.left), low: said(condition.low), high: said(condition.high) };
			return condition.outside ? m.trace_outside(ends) : m.trace_between(ends);
		}
		case 'trend': {
			const over = { left: said(condition.left), bars: whole(condition.bars, values) };
			return condition.rising ? m.trace_rising(over) : m.trace_falling(over);
		}
		case 'all':
			return listed(condition.of, m.trace_and(), values);
		case 'any':
			return listed(condition.of, m.trace_or(), values);
		case 'not':
			return m.trace_not_that({ what: listed(condition.of, '', values) });
		case 'at_least':
			return m.trace_at_least_of({
				least: said(condition.least),
				what: condition.of.map((each) => inWords(each, values)).join('; ')
			});
		case 'score':
			return m.trace_score_of({
				least: said(condition.least),
				what: condition.of
					.map((each, place) => `${inWords(each, values)} ${weightOf(condition.weights[place] ?? 1, values)}`)
					.join('; ')
			});
		default:
			return m.trace_unknown_condition();
	}
}

/** Combinations inside a combination stand in brackets. */
function listed(of: readonly Condition[], between: string, values: Values): string {
	const part = (each: Condition) => ('of' in each ? `(${inWords(each, values)})` : inWords(each, values));
	return of.map(part).join(` ${between} `);
}

function windowed(words: string, { held, within }: Condition, values: Values): string {
	const [every, some] = [whole(held, values), whole(within, values)];
	const first = every === 1 ? words : m.trace_for({ what: words, bars: every });
	return some === 1 ? first : m.trace_within({ what: first, bars: some });
}

/** A parameter with what it stands at: `oversold (30)`. */
function amount(operand: Operand, values: Values): string {
	if (typeof operand === 'number') return decimal(String(operand));
	if (!operand.startsWith('$')) return operand;
	const name = operand.slice(1);
	const value = values.get(name);
	return value === undefined ? name : `${name} (${decimal(String(value))})`;
}

const whole = (operand: Operand, values: Values) =>
	typeof operand === 'number' ? operand : (values.get(operand.slice(1)) ?? 1);
const leastOf = (condition: Condition) => ('least' in condition ? condition.least : 0);
