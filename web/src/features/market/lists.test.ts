import { expect, test } from 'vitest';
import { added, moved, without } from './lists';

test.each([
	[0, 2, 'bacd'],
	[0, 4, 'bcda'],
	[3, 0, 'dabc'],
	[2, 1, 'acbd'],
	[1, 1, 'abcd'],
	[1, 2, 'abcd'],
	[7, 0, 'abcd']
])('from %i to before %i', (from, to, order) => {
	expect(moved([...'abcd'], from, to).join('')).toBe(order);
});

test('one is there once, and gone when it is taken away', () => {
	expect(added(['a'], 'a')).toEqual(['a']);
	expect(added(['a'], 'b')).toEqual(['a', 'b']);
	expect(without(['a', 'b'], 'a')).toEqual(['b']);
});
