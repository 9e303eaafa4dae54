import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Schemas } from '$lib/api/client';
import { Drafts } from './drafts';
import { Workbench } from './workbench.svelte';

beforeEach(() => {
	vi.useFakeTimers(); // nothing is asked of a server
	localStorage.clear();
});
afterEach(() => void vi.useRealTimers());

const when = { all: [{ left: 'close', op: '>', right: 1 }, { left: 'close', op: '<', right: 9 }] }; // prettier-ignore
const document = { name: 'One', later: { kept: true }, rules: [{ id: 'enter', when }] };
const saved = { id: 'one', version: 3, document } as unknown as Schemas['StrategyDetail'];
const begin = () => new Workbench(saved, () => undefined, new Drafts(localStorage));

test('what is not saved is there after a reload, until it is undone', () => {
	const bench = begin();
	bench.set(['name'], 'Two');
	expect([begin().document?.name, begin().dirty, begin().base]).toEqual(['Two', true, 3]);
	bench.undo();
	expect([begin().document?.name, begin().dirty]).toEqual(['One', false]);
	bench.redo();
	expect(begin().document?.name).toBe('Two');
});

test('letters typed into one control are one step, and the text that nobody knows is kept', () => {
	const bench = begin();
	for (const name of ['T', 'Tw', 'Two']) bench.set(['name'], name);
	bench.set(['rules', 0, 'when', 'all', 0, 'right'], 2);
	bench.undo();
	expect(bench.document).toEqual({ ...document, name: 'Two' });
	bench.undo();
	expect(bench.document).toEqual(document);
	expect(bench.undoable).toBe(false);
});

test('a condition that is set aside leaves the document, survives a reload, and comes back', () => {
	begin().park(['rules', 0, 'when', 'all', 0]);
	const later = begin();
	expect(later.valueAt(['rules', 0, 'when', 'all'])).toEqual([when.all[1]]);
	expect(later.parked).toHaveLength(1);
	for (const parked of later.parked) later.unpark(parked);
	expect(later.document).toEqual(document);
	expect([later.dirty, later.parked.length, begin().draft]).toEqual([false, 0, null]);
});

test('a text that is not JSON is kept as it is typed, and controls do not touch it', () => {
	const bench = begin();
	bench.edit('{"name": ');
	bench.set(['name'], 'Two');
	expect([bench.text, bench.document, bench.formable]).toEqual(['{"name": ', null, false]);
	expect(begin().text).toBe('{"name": ');
});
