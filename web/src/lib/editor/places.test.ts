import { describe, expect, test } from 'vitest';
import { brokenAt, duplicates, lineOf, placeOf } from './places';

const text = `{
  "name": "A",
  "odd.key": {"inner": 1},
  "rules": [
    {"id": "one"},
    {"id": "two", "when": {"all": [{"left": "fast", "right": "nope"}]}, "oops": [1, 2]}
  ]
}`;
const at = (path: string, code = '') => {
	const { from, to } = placeOf(text, path, code);
	return text.slice(from, to);
};

describe('a path points at', () => {
	test.each([
		['name', '', '"A"'],
		['rules[1].when.all[0].right', '', '"nope"'],
		['rules[0].id', '', '"one"'],
		['odd.key.inner', '', '1'],
		['rules[1].oops', 'unknown_key', '"oops"'],
		['rules[1].when', '', '"when"'],
		['rules', '', '"rules"']
	])('%s (%s): %s', (path, code, found) => expect(at(path, code)).toBe(found));

	test('the nearest thing that is there, where it leads to what is missing', () => {
		expect(at('rules[1].when.all[0].op')).toBe('{');
		expect(at('rules[1].then.action')).toBe('{');
		expect(at('timeframe')).toBe('{');
		expect(at('')).toBe('{');
	});

	test('something inside the text, also where the text is broken or empty', () => {
		for (const broken of ['', '{', '{"rules": [', '{"rules": [{"when": }', 'nothing', '[1,', '{"name":']) {
			const { from, to } = placeOf(broken, 'rules[0].when.left');
			expect(from).toBeGreaterThanOrEqual(0);
			expect(to).toBeLessThanOrEqual(broken.length);
		}
	});
});

test('a key that stands twice in one object is found, in two objects it is not', () => {
	const twice = '{"a": 1, "b": {"a": 2}, "\\u0061": 3}';
	expect(duplicates(twice).map(({ key, from, to }) => [key, twice.slice(from, to)])).toEqual([
		['a', '"\\u0061"']
	]);
	expect(duplicates(text)).toEqual([]);
});

test('a broken text says where', () => {
	expect(brokenAt('{"a": 1}')).toBeNull();
	expect(brokenAt('{"a": 1,}')?.from).toBeGreaterThan(5);
	expect(brokenAt('{"a": ')).not.toBeNull();
});

test('lines are counted from one', () => {
	expect(lineOf(text, 0)).toBe(1);
	expect(lineOf(text, text.indexOf('"name"'))).toBe(2);
	expect(lineOf(text, text.length)).toBe(8);
});
