/** The conditions of a document as trees, each with its path as the server names it. */

/** A series by its name, a number, or `$` and the name of a parameter. */
export type Operand = string | number;

interface Placed {
	readonly path: string;
	/** `for`: at each of so many bars; 1 where it is not asked. */
	readonly held: Operand;
	/** `within`: at one of so many bars; 1 where it is not asked. */
	readonly within: Operand;
}

export type Condition = Placed &
	(
		| { readonly kind: 'comparison'; readonly left: Operand; readonly op: string; readonly right: Operand }
		| {
				readonly kind: 'range';
				readonly left: Operand;
				readonly outside: boolean;
				readonly low: Operand;
				readonly high: Operand;
		  }
		| { readonly kind: 'trend'; readonly left: Operand; readonly rising: boolean; readonly bars: Operand }
		| { readonly kind: 'all' | 'any' | 'not'; readonly of: readonly Condition[] }
		| { readonly kind: 'at_least'; readonly least: Operand; readonly of: readonly Condition[] }
		| {
				readonly kind: 'score';
				readonly least: Operand;
				readonly of: readonly Condition[];
				readonly weights: readonly Operand[];
		  }
		/** One that is newer than this page. */
		| { readonly kind: 'unknown' }
	);

type Written = Record<string, unknown>;

/** Every condition of every rule and veto, parents included, by its path. */
export function conditionsOf(document: Written): ReadonlyMap<string, Condition> {
	const found = new Map<string, Condition>();
	const add = (condition: Condition): void => {
		found.set(condition.path, condition);
		if ('of' in condition) condition.of.forEach(add);
	};
	for (const [place, rule] of list(document.rules).entries()) {
		add(read(rule.when, `rules[${place}].when`));
		for (const [index, veto] of list(rule.unless).entries())
			add(read(veto, `rules[${place}].unless[${index}]`));
	}
	return found;
}

/** What the parameters of a document stand at. */
export function parametersOf(document: Written): ReadonlyMap<string, number> {
	const entries = Object.entries(object(document.parameters));
	return new Map(
		entries.flatMap(([name, parameter]) => {
			const { value } = object(parameter);
			return typeof value === 'number' ? [[name, value] as const] : [];
		})
	);
}

function read(value: unknown, path: string): Condition {
	const written = object(value);
	const placed = { path, held: operand(written.for, 1), within: operand(written.within, 1) };
	if ('all' in written) return { ...placed, kind: 'all', of: readAll(written.all, `${path}.all`) };
	if ('any' in written) return { ...placed, kind: 'any', of: readAll(written.any, `${path}.any`) };
	if ('not' in written) return { ...placed, kind: 'not', of: [read(written.not, `${path}.not`)] };
	if ('at_least' in written) {
		const { n, of } = object(written.at_least);
		return { ...placed, kind: 'at_least', least: operand(n), of: readAll(of, `${path}.at_least.of`) };
	}
	if ('score' in written) {
		const { at_least, of } = object(written.score);
		const parts = list(of);
		return {
			...placed,
			kind: 'score',
			least: operand(at_least),
			of: parts.map((part, place) => read(part.if, `${path}.score.of[${place}].if`)),
			weights: parts.map((part) => operand(part.weight))
		};
	}
	return readLeaf(written, placed);
}

function readLeaf(written: Written, placed: Placed): Condition {
	const { op, right } = written;
	const left = operand(written.left);
	switch (op) {
		case 'between':
		case 'outside': {
			const [low, high] = Array.isArray(right) ? (right as unknown[]) : [];
			return {
				...placed,
				kind: 'range',
				left,
				outside: op === 'outside',
				low: operand(low),
				high: operand(high)
			};
		}
		case 'rising':
		case 'falling':
			return { ...placed, kind: 'trend', left, rising: op === 'rising', bars: operand(written.bars, 1) };
		default:
			return typeof op === 'string'
				? { ...placed, kind: 'comparison', left, op, right: operand(right) }
				: { ...placed, kind: 'unknown' };
	}
}

const readAll = (value: unknown, path: string) =>
	list(value).map((each, place) => read(each, `${path}[${place}]`));
const operand = (value: unknown, otherwise: Operand = ''): Operand =>
	typeof value === 'string' || typeof value === 'number' ? value : otherwise;
const object = (value: unknown): Written =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Written) : {};
const list = (value: unknown): Written[] => (Array.isArray(value) ? value.map(object) : []);
