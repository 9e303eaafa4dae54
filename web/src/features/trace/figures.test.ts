import { expect, test } from 'vitest';
import type { Schemas } from '$lib/api/client';
import { compared } from './figures';

const before: Schemas['Metrics'] = {
	final_equity: '9007199254740993.01', pnl: '-12.50', total_return: 0.1, buy_and_hold_return: 0, max_drawdown: 0.2, sharpe: 1,
	sortino: null, calmar: null, win_rate: 0.5, profit_factor: null, trades: 62, fees: '3.00', exposure_time: 1
}; // prettier-ignore
const after = { ...before, pnl: '12.50', total_return: 0.05, max_drawdown: 0.15, trades: 3260 };
const row = (label: string) => compared(before, after).find((each) => each.label === label);

test('money is written to the cent as it came, with its sign, and never taken from other money', () => {
	expect(row('Final equity')).toMatchObject({ before: '9,007,199,254,740,993.01', change: '' });
	expect(row('P&L')).toMatchObject({ before: '−12.50', after: '+12.50', change: '' });
});

test('a smaller return is worse, a smaller drawdown better, and more trades are neither', () => {
	expect(row('Return')).toMatchObject({ change: '−5.00%', better: false });
	expect(row('Max drawdown')).toMatchObject({ change: '−5.00%', better: true });
	expect(row('Trades')).toMatchObject({ change: '+3,198', better: null });
});

test('what is missing or the same is neither better nor worse', () => {
	expect(row('Profit factor')).toMatchObject({ before: '–', change: '–', better: null });
	expect(row('Sharpe')).toMatchObject({ change: '0', better: null });
});
