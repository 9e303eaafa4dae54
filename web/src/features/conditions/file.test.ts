import { expect, test } from 'vitest';
import { changed, isSimple, isWithin, placeOf, read, typed } from './file';

const file = { long: { thresholds: { score: 2, conditions: [{ weight: 1 }, { weight: 2 }] } } };

test('a place is said as the server says it', () => {
	expect(placeOf(['long', 'thresholds', 'conditions', 2, 'op'])).toBe('long.thresholds.conditions[2].op');
	expect(isWithin('long.exit[1].op', 'long.exit[1]')).toBe(true);
	expect(isWithin('long.exit[10].op', 'long.exit[1]')).toBe(false);
});

test('a change leaves the file it was made of as it is', () => {
	expect(changed(file, ['long', 'thresholds', 'score'], 3)).toEqual({
		long: { thresholds: { score: 3, conditions: [{ weight: 1 }, { weight: 2 }] } }
	});
	expect(file.long.thresholds.score).toBe(2);
});

test('a place that is not there is made, and one that is taken away is gone', () => {
	expect(changed({}, ['long', 'exit', 0], { op: '>' })).toEqual({ long: { exit: [{ op: '>' }] } });
	expect(changed(file, ['long', 'thresholds', 'conditions', 0], undefined)).toEqual({
		long: { thresholds: { score: 2, conditions: [{ weight: 2 }] } }
	});
	expect(changed(file, ['long'], undefined)).toEqual({});
});

test('what is no number stays what was typed', () => {
	expect([typed('1.5'), typed('0,25'), typed(' '), typed('half'), typed('-3')]).toEqual([
		1.5,
		0.25,
		undefined,
		'half',
		-3
	]);
});

test('the form has fields for comparisons and not for combinations', () => {
	expect(isSimple({ left: 'close', op: '>', right: 1 })).toBe(true);
	expect(isSimple({ all: [], name: 'x' })).toBe(false);
	expect(isSimple('close > 1')).toBe(false);
});

test('what is no object is no file', () => {
	expect([read('{'), read('[]'), read('{"a": 1}')]).toEqual([null, null, { a: 1 }]);
});
