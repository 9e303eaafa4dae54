import { expect, test } from 'vitest';
import { begun, changed, redone, undone } from './history';

test('what is undone can be done again, until something else is done', () => {
	const two = changed(changed(begun('a'), 'b', '', 0), 'c', '', 1);
	const one = undone(two);
	expect(one?.now).toBe('b');
	expect(redone(one ?? two)?.now).toBe('c');
	expect(redone(changed(one ?? two, 'd', '', 2))).toBeNull();
	expect(undone(begun('a'))).toBeNull();
});

test('quick changes of one thing are one step', () => {
	let steps = begun(0);
	for (let turn = 1; turn <= 5; turn += 1) steps = changed(steps, turn, 'parameters.fast.value', turn * 100);
	expect(undone(steps)?.now).toBe(0);
	expect(undone(changed(steps, 9, 'parameters.slow.value', 600))?.now).toBe(5);
	expect(undone(changed(steps, 9, 'parameters.fast.value', 5_000))?.now).toBe(5);
});
