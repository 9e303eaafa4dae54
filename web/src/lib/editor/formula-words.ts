/** What can be written where the cursor stands in a formula, and which call it stands in. */
import type { Schemas } from '$lib/api/client';

export type Language = Schemas['FormulaLanguage'];
export type FormulaFunction = Schemas['FormulaFunction'];

/** What a formula may name besides the columns of the bars. */
export interface Names {
	/** Other series and their outputs, as `macd.signal`, each with what it is. */
	series: readonly { name: string; note: string }[];
	parameters: readonly string[];
}

export interface Word {
	label: string;
	kind: 'column' | 'series' | 'parameter' | 'function' | 'keyword' | 'argument' | 'output';
	note: string;
	/** The function itself, where it is one. */
	of?: FormulaFunction;
}

export interface Words {
	from: number;
	words: Word[];
}

/** What is offered at a position; null where a number or nothing at all is being written. */
export function wordsAt(
	text: string,
	position: number,
	asked: boolean,
	language: Language,
	names: Names
): Words | null {
	const before = text.slice(0, position);
	const output = /\)\s*\.(\w*)$/.exec(before);
	if (output) return outputsAfter(before, position - (output[1] ?? '').length, language);
	const written = /(?<![\w.])(?:\$\w*|[A-Za-z_][\w.]*)$/.exec(before)?.[0] ?? '';
	if (!written && (!asked || /[\d.]$/.test(before))) return null;
	const from = position - written.length;
	const parameters = names.parameters.map((name): Word => ({
		label: `$${name}`,
		kind: 'parameter',
		note: ''
	}));
	if (written.startsWith('$')) return { from, words: parameters };
	return {
		from,
		words: [
			...argumentsAt(text, position, language),
			...names.series.map(({ name, note }): Word => ({ label: name, kind: 'series', note })),
			...language.columns.map((label): Word => ({ label, kind: 'column', note: '' })),
			...parameters,
			...language.functions.map((of): Word => ({
				label: of.name,
				kind: 'function',
				note: shortly(of),
				of
			})),
			...language.keywords.map((label): Word => ({ label, kind: 'keyword', note: '' }))
		]
	};
}

export interface CallAt {
	name: string;
	/** Where its name begins. */
	from: number;
	/** Which argument the position is in, from 0. */
	argument: number;
	/** The name of that argument, where it is written. */
	named: string | null;
}

/** The innermost call that a position stands in the parentheses of. */
export function callAt(text: string, position: number): CallAt | null {
	let depth = 0;
	let argument = 0;
	let since = position;
	for (let at = position - 1; at >= 0; at -= 1) {
		const character = text[at];
		if (character === ')') depth += 1;
		else if (character === '(' && depth > 0) depth -= 1;
		else if (character === '(') {
			const name = /[A-Za-z_]\w*$/.exec(text.slice(0, at).trimEnd())?.[0];
			const inCall = name && !['and', 'or', 'not', 'if', 'else'].includes(name);
			const named = /^\s*([A-Za-z_]\w*)\s*=(?!=)/.exec(text.slice(argument ? since : at + 1))?.[1] ?? null;
			if (inCall) return { name, from: text.lastIndexOf(name, at), argument, named };
			[argument, since] = [0, at];
		} else if (character === ',' && depth === 0) {
			if (!argument) since = at + 1;
			argument += 1;
		}
	}
	return null;
}

/** Which argument of the function is being written: all its series may be left out, and the last one may be repeated. */
export function argumentOf(of: FormulaFunction, call: CallAt, text: string): number {
	if (call.named !== null) return of.arguments.findIndex(({ name }) => name === call.named);
	const series = of.arguments.filter(({ takes }) => takes === 'series');
	const optional = series.length > 0 && series.every((each) => each.default !== null);
	const begun = text.slice(text.indexOf('(', call.from) + 1).trimStart();
	const skipped = optional && /^[-+]?\s*[\d.$]/.test(begun) ? series.length : 0;
	return Math.min(call.argument + skipped, of.more ? of.arguments.length - 1 : Infinity);
}

function argumentsAt(text: string, position: number, language: Language): Word[] {
	const call = callAt(text, position);
	const of = call && functionOf(language, call.name);
	const free = of ? of.arguments.filter(({ takes }) => takes !== 'series') : [];
	return free.map(({ name, default: value }) => ({
		label: `${name} = `,
		kind: 'argument',
		note: value === null ? '' : String(value)
	}));
}

function outputsAfter(before: string, from: number, language: Language): Words | null {
	let depth = 0;
	for (let at = before.lastIndexOf(')'); at >= 0; at -= 1) {
		if (before[at] === ')') depth += 1;
		if (before[at] === '(') depth -= 1;
		if (depth > 0) continue;
		const name = /[A-Za-z_]\w*$/.exec(before.slice(0, at).trimEnd())?.[0] ?? '';
		const outputs = functionOf(language, name)?.outputs ?? [];
		if (outputs.length < 2) return null;
		return { from, words: outputs.map((label) => ({ label, kind: 'output', note: '' })) };
	}
	return null;
}

/** The arguments by their names, those left out that may all be. */
function shortly({ arguments: all, more }: FormulaFunction): string {
	const series = all.filter(({ takes }) => takes === 'series');
	const free = series.every((each) => each.default !== null);
	const names = all.filter(({ takes }) => takes !== 'series' || !free).map(({ name }) => name);
	return `(${[...names, ...(more ? ['…'] : [])].join(', ')})`;
}

export const functionOf = (language: Language, name: string): FormulaFunction | undefined =>
	language.functions.find((each) => each.name === name);
