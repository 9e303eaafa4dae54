import { expect, test } from 'vitest';
import { Marks, type Mark } from './trade-marks';

const mark = (id: number, entry: number, exit: number): Mark => ({
	id,
	direction: 'long',
	entry,
	exit,
	entryPrice: 1,
	exitPrice: 1,
	won: true
});
const ids = (marks: Marks, from: number, to: number) => marks.within(from, to).map((each) => each.id);

test('a stretch finds the marks that touch it, in the order of their entries', () => {
	const marks = new Marks([mark(3, 50, 60), mark(1, 10, 20), mark(2, 30, 40)]);
	expect(ids(marks, 15, 35)).toEqual([1, 2]);
	expect(ids(marks, 21, 29)).toEqual([]);
	expect(ids(marks, 60, 99)).toEqual([3]);
});

test('a trade that was entered long before and is still open is found', () => {
	expect(ids(new Marks([mark(1, 0, 100), mark(2, 10, 20), mark(3, 30, 40)]), 50, 60)).toEqual([1]);
});
