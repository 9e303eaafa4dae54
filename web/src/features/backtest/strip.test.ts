import { describe, expect, test } from 'vitest';
import { DAY, moved, periodOf, shareOf, spanOf, stepped, stretches, textsOf, timeAt } from './strip';

const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
const span = { from: at('2024-01-01'), to: at('2024-01-11') };
const HOUR = 3_600_000;

test('a time has a place and a place has a time, on whole days', () => {
	expect(shareOf(span, at('2024-01-06'))).toBe(0.5);
	expect(timeAt(span, 0.52)).toBe(at('2024-01-06'));
	for (let day = 0; day <= 10; day += 1) {
		const time = span.from + day * DAY;
		expect(timeAt(span, shareOf(span, time))).toBe(time);
	}
});

test('the ends are reached although they are on no whole day', () => {
	const odd = { from: at('2024-01-01') + 5 * HOUR, to: at('2024-01-03') + 7 * HOUR };
	expect([timeAt(odd, 0), timeAt(odd, 1), timeAt(odd, 0.01)]).toEqual([odd.from, odd.to, odd.from]);
	expect([timeAt(odd, -1), timeAt(odd, 2)]).toEqual([odd.from, odd.to]);
});

describe('a handle', () => {
	test('does not pass the other, nor leave the strip', () => {
		const period = { from: at('2024-01-03'), to: at('2024-01-05') };
		expect(moved(span, period, 'start', at('2024-01-09')).from).toBe(at('2024-01-04'));
		expect(moved(span, period, 'end', at('2024-01-02')).to).toBe(at('2024-01-04'));
		expect(moved(span, period, 'end', at('2025-01-01')).to).toBe(span.to);
		expect(moved(span, period, 'start', at('2020-01-01')).from).toBe(span.from);
	});

	test('goes by keyboard, and other keys are not its own', () => {
		expect(stepped(span, span, 'start', 'ArrowRight')?.from).toBe(at('2024-01-02'));
		expect(stepped(span, span, 'end', 'ArrowLeft')?.to).toBe(at('2024-01-10'));
		expect(stepped(span, { ...span, from: at('2024-01-05') }, 'start', 'Home')?.from).toBe(span.from);
		expect(stepped(span, span, 'start', 'Tab')).toBeNull();
	});

	test('stays where a strip is shorter than a day', () => {
		const short = { from: 0, to: HOUR };
		expect(moved(short, short, 'start', HOUR)).toEqual(short);
		expect(moved(short, short, 'end', 0)).toEqual(short);
	});
});

test('what is stored falls into stretches at its gaps', () => {
	const item = {
		first_at: '2024-01-01T00:00:00Z',
		last_at: '2024-01-02T23:00:00Z',
		gaps: [{ start: '2024-01-01T05:00:00Z', end: '2024-01-01T07:00:00Z' }]
	};
	expect(stretches(item, HOUR).map(({ from, to }) => (to - from) / HOUR)).toEqual([5, 41]);
	expect(spanOf([item], HOUR)).toEqual({ from: at('2024-01-01'), to: at('2024-01-03') });
	expect(spanOf([], HOUR)).toBeNull();
});

test('an end that stands at the strip’s own is left empty, and comes back as it was', () => {
	expect(textsOf(span, span)).toEqual({ start: '', end: '' });
	const period = { from: at('2024-01-03'), to: at('2024-01-05') };
	const { start, end } = textsOf(span, period);
	expect(periodOf(span, start, end)).toEqual(period);
	expect(periodOf(span, '', 'nothing')).toEqual(span);
});
