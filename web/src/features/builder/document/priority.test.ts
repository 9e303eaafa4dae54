import { expect, test } from 'vitest';
import { ranAs, running } from './priority';

const rule = (id: string, priority: number | undefined, action = 'enter_long') => ({
	id,
	...(priority === undefined ? {} : { priority }),
	then: { action }
});
const ids = (rules: readonly unknown[]) =>
	running(rules)
		.map((at) => (rules[at] as { id: string }).id)
		.join('');

test('lowest first; of equals exits first, then as they are written', () => {
	expect(ids([rule('a', 5), rule('b', 5, 'exit'), rule('c', 1), rule('d', undefined)])).toBe('dcba');
});

test('only the moved rule gets another priority where there is room', () => {
	const rules = [rule('a', 10), rule('b', 20), rule('c', 30)];
	const moved = ranAs(rules, 2, 1);
	expect(ids(moved)).toBe('acb');
	expect(moved[2]).toMatchObject({ priority: 15 });
	expect(moved.slice(0, 2)).toEqual(rules.slice(0, 2));
});

test('every rule reaches every place, also among equals and across exits', () => {
	const rules = [rule('a', 5), rule('b', 5, 'exit'), rule('c', 5), rule('d', 6)];
	for (const at of rules.keys()) {
		for (const place of rules.keys()) expect(running(ranAs(rules, at, place))[place]).toBe(at);
	}
});
