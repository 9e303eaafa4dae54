import { expect, test } from 'vitest';
import { beside, decode } from './columns';

/** As the server packs it. */
function packed(time: number[], ...columns: number[][]): ArrayBuffer {
	const buffer = new ArrayBuffer(16 + 4 * time.length * (1 + columns.length));
	const view = new DataView(buffer);
	new Uint8Array(buffer).set([...'ASC1'].map((letter) => letter.charCodeAt(0)));
	view.setUint32(4, time.length, true);
	view.setUint32(8, 1 + columns.length, true);
	time.forEach((each, row) => view.setUint32(16 + 4 * row, each, true));
	columns.forEach((column, place) =>
		column.forEach((each, row) => view.setFloat32(16 + 4 * (time.length * (place + 1) + row), each, true))
	);
	return buffer;
}

test('bytes become a time and columns by name', () => {
	const columns = decode(packed([60, 120, 180], [1, 2.5, 3], [10, NaN, 30]), 'time,close,volume');
	expect([...columns.time]).toEqual([60, 120, 180]);
	expect([...(columns.values.get('close') ?? [])]).toEqual([1, 2.5, 3]);
	expect([...(columns.values.get('volume') ?? [])]).toEqual([10, NaN, 30]);
});

test('no rows are columns without rows', () => {
	const columns = decode(packed([], [], []), 'time,close,volume');
	expect(columns.time.length).toBe(0);
	expect([...columns.values.keys()]).toEqual(['close', 'volume']);
});

test('a time after 2038 keeps its size', () => {
	expect(decode(packed([4_000_000_000]), 'time').time[0]).toBe(4_000_000_000);
});

test.each([
	[
		'another magic',
		() => decode(new TextEncoder().encode('{"time": [1, 2, 3]}').buffer as ArrayBuffer, 'time'),
		/ASC1/
	],
	['no bytes', () => decode(new ArrayBuffer(0), 'time'), /ASC1/],
	['too few names', () => decode(packed([1], [2]), 'time'), /names 1/],
	['bytes that are missing', () => decode(packed([1, 2], [2, 3]).slice(0, -4), 'time,close'), /28 came/]
])('%s is refused', (_, act, message) => {
	expect(act).toThrow(message);
});

test('columns of the same times stand side by side', () => {
	const both = beside(decode(packed([60], [1]), 'time,close'), decode(packed([60], [2]), 'time,ema'));
	expect([...both.values.keys()]).toEqual(['close', 'ema']);
	expect(() => beside(both, decode(packed([61], [2]), 'time,rsi'))).toThrow(/same times/);
});
