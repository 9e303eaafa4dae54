import { expect, test } from 'vitest';
import { read, spelled, type Path } from './paths';
import { convert, copy, insert, leavesOf, move, negate, remove, slots, step, unwrap, wrap } from './tree';

const leaf = (left: string) => ({ left, op: '>', right: 1 });
const [a, b, c, d] = [leaf('a'), leaf('b'), leaf('c'), leaf('d')] as const;
const WHEN: Path = ['rules', 0, 'when'];
const rule = (when: unknown, unless?: unknown[]) => ({ rules: [unless ? { when, unless } : { when }] });
const at = (...path: Path): Path => [...WHEN, ...path];
const when = (document: unknown) => read(document, WHEN);

test('a condition moves within its group', () => {
	const moved = move(rule({ all: [a, b, c] }), at('all', 0), { list: at('all'), at: 3 });
	expect(when(moved?.document)).toEqual({ all: [b, c, a] });
	expect(spelled(moved?.path ?? [])).toBe('rules[0].when.all[2]');
});

test('a condition moves into a group and out of it, and an empty group goes', () => {
	const into = move(rule({ all: [a, { any: [b] }] }), at('all', 0), { list: at('all', 1, 'any'), at: 1 });
	expect(when(into?.document)).toEqual({ all: [{ any: [b, a] }] });
	expect(spelled(into?.path ?? [])).toBe('rules[0].when.all[0].any[1]');
	const out = move(rule({ all: [a, { any: [b] }] }), at('all', 1, 'any', 0), { list: at('all'), at: 0 });
	expect(when(out?.document)).toEqual({ all: [b, a] });
});

test('a group does not move into itself', () => {
	expect(
		move(rule({ all: [{ any: [a, b] }] }), at('all', 0), { list: at('all', 0, 'any'), at: 1 })
	).toBeNull();
});

test('a part of a score keeps its weight among parts, and loses it elsewhere', () => {
	const document = rule({
		any: [
			{
				score: {
					of: [
						{ weight: 2, if: a },
						{ weight: 3, if: b }
					],
					at_least: 2
				}
			},
			c
		]
	});
	const among = move(document, at('any', 0, 'score', 'of', 0, 'if'), {
		list: at('any', 0, 'score', 'of'),
		at: 2
	});
	expect(read(among?.document, at('any', 0, 'score', 'of', 1))).toEqual({ weight: 2, if: a });
	const out = move(document, at('any', 0, 'score', 'of', 0, 'if'), { list: at('any'), at: 2 });
	expect(read(out?.document, at('any', 2))).toEqual(a);
	const into = move(document, at('any', 1), { list: at('any', 0, 'score', 'of'), at: 1 });
	expect(read(into?.document, into?.path ?? [])).toEqual(c);
	expect(read(into?.document, at('any', 0, 'score', 'of', 1))).toEqual({ weight: 1, if: c });
});

test('a condition becomes a veto of that name, and a veto a condition', () => {
	const document = rule({ all: [a, b] }, [{ name: 'wild', ...c }]);
	const vetoes: Path = ['rules', 0, 'unless'];
	const veto = move(document, at('all', 0), { list: vetoes, at: 0 }, 'new');
	expect(read(veto?.document, vetoes)).toEqual([
		{ name: 'new', ...a },
		{ name: 'wild', ...c }
	]);
	const back = move(document, [...vetoes, 0], { list: at('all'), at: 1 });
	expect(back?.document.rules[0]).toEqual({ when: { all: [a, c, b] } });
});

test('a lone condition makes a group with what is put beside it', () => {
	expect(when(insert(rule(a), { list: WHEN, at: 1 }, b))).toEqual({ all: [a, b] });
	const first = insert({ rules: [{ when: a }] }, { list: ['rules', 0, 'unless'], at: 0 }, b, 'why');
	expect(read(first, ['rules', 0, 'unless'])).toEqual([{ name: 'why', ...b }]);
});

test('removing takes empty groups along, and leaves a rule its place for conditions', () => {
	expect(when(remove(rule({ all: [a, { any: [{ not: b }] }] }), at('all', 1, 'any', 0, 'not')))).toEqual({
		all: [a]
	});
	expect(when(remove(rule(a), WHEN))).toEqual({ all: [] });
	expect(when(remove(rule({ all: [a] }), at('all', 0)))).toEqual({ all: [] });
	expect(remove(rule(a, [{ name: 'x', ...b }]), ['rules', 0, 'unless', 0])).toEqual(rule(a));
});

test('steps go past neighbours, into groups and out of them, and back', () => {
	let document: ReturnType<typeof rule> = rule({ all: [a, { any: [b, c] }, d] });
	let path: Path = at('all', 0);
	const seen: string[] = [];
	for (let turn = 0; turn < 10; turn += 1) {
		const moved = step(document, path, 1);
		if (!moved) break;
		({ document, path } = moved);
		seen.push(spelled(path).replace('rules[0].when.', ''));
	}
	expect(seen).toEqual(['all[0].any[0]', 'all[0].any[1]', 'all[0].any[2]', 'all[1]', 'all[2]']);
	for (let turn = 0; turn < 5; turn += 1)
		({ document, path } = step(document, path, -1) ?? { document, path });
	expect(when(document)).toEqual({ all: [a, { any: [b, c] }, d] });
});

test('every place of a tree is counted once', () => {
	expect(
		slots(rule({ all: [a, { not: { any: [b] } }] }), WHEN).map((slot) => spelled([...slot.list, slot.at]))
	).toEqual([
		'rules[0].when.all[0]',
		'rules[0].when.all[1]',
		'rules[0].when.all[1].not.any[0]',
		'rules[0].when.all[1].not.any[1]',
		'rules[0].when.all[2]'
	]);
});

test('negating twice is as it was, and windows stay where they say something', () => {
	const document = rule({ ...a, for: 3 });
	expect(when(negate(document, WHEN))).toEqual({ not: { ...a, for: 3 } });
	expect(negate(negate(document, WHEN), WHEN)).toEqual(document);
	expect(when(negate(rule({ not: a, within: 2 }), WHEN))).toEqual({ ...a, within: 2 });
	expect(when(negate(rule({ not: { ...a, for: 3 }, for: 2 }), WHEN))).toEqual({
		all: [{ ...a, for: 3 }],
		for: 2
	});
});

test('a veto keeps its name through negation and grouping', () => {
	const document = rule(a, [{ name: 'why', ...b }]);
	const veto: Path = ['rules', 0, 'unless', 0];
	expect(read(negate(document, veto), veto)).toEqual({ name: 'why', not: b });
	expect(negate(negate(document, veto), veto)).toEqual(document);
	expect(read(wrap(document, veto, 'any'), veto)).toEqual({ name: 'why', any: [b] });
	expect(unwrap(wrap(document, veto, 'any'), veto)).toEqual(document);
});

test('a group is combined otherwise without losing its parts or its windows', () => {
	const document = rule({ all: [a, b, c], for: 2 });
	expect(when(convert(document, WHEN, 'at_least'))).toEqual({ at_least: { n: 2, of: [a, b, c] }, for: 2 });
	for (const group of ['any', 'at_least', 'score'] as const) {
		expect(convert(convert(document, WHEN, group), WHEN, 'all')).toEqual(document);
	}
});

test('a copy stands behind its original', () => {
	expect(when(copy(rule(a), WHEN))).toEqual({ all: [a, a] });
	expect(when(copy(rule({ any: [a, b] }), at('any', 0)))).toEqual({ any: [a, a, b] });
	expect(leavesOf(when(copy(rule({ all: [{ any: [a, b] }] }), at('all', 0))))).toBe(4);
});

test('keys that nobody here knows are carried along', () => {
	const strange = { ...a, colour: 'red' };
	const moved = move(rule({ any: [strange, b], later: 1 }), at('any', 0), { list: at('any'), at: 2 });
	expect(when(moved?.document)).toEqual({ any: [b, strange], later: 1 });
});
