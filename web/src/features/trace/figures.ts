import type { Schemas } from '$lib/api/client';
import { count, measure, money, percent, ratio } from '$lib/format';
import { m } from '$lib/paraglide/messages';

type Metrics = Schemas['Metrics'];

/** One figure of two runs. Money is written as it came; only ratios and counts are taken from each other. */
export interface Figure {
	readonly label: string;
	readonly before: string;
	readonly after: string;
	readonly change: string;
	/** Whether the change is for the better; null where neither can be said. */
	readonly better: boolean | null;
}

const signed = { sign: true };

export function compared(before: Metrics, after: Metrics): Figure[] {
	const amount = (label: string, of: (metrics: Metrics) => string): Figure => ({
		label,
		before: of(before),
		after: of(after),
		change: '',
		better: null
	});
	const number = (
		label: string,
		of: (metrics: Metrics) => number | null,
		text: (value: number | null) => string,
		change: (value: number | null) => string,
		wanted: 'more' | 'less' | null
	): Figure => {
		const [one, other] = [of(before), of(after)];
		const gap = one === null || other === null ? null : other - one;
		const better = gap === null || gap === 0 || wanted === null ? null : gap > 0 === (wanted === 'more');
		return { label, before: text(one), after: text(other), change: change(gap), better };
	};
	const points = (value: number | null) => percent(value, signed);
	const more = (value: number | null) => measure(value, { sign: true, digits: 3 });
	const whole = (value: number | null) => measure(value, { sign: true, digits: 15 });
	return [
		amount(m.trace_final_equity(), (each) => money(each.final_equity)),
		amount(m.trace_pnl(), (each) => money(each.pnl, signed)),
		number(m.trace_return(), (each) => each.total_return, (value) => percent(value, signed), points, 'more'),
		number(m.trace_drawdown(), (each) => each.max_drawdown, (value) => percent(value), points, 'less'),
		number(m.trace_sharpe(), (each) => each.sharpe, (value) => ratio(value), more, 'more'),
		number(m.trace_profit_factor(), (each) => each.profit_factor, (value) => ratio(value), more, 'more'),
		number(m.trace_win_rate(), (each) => each.win_rate, (value) => percent(value, { digits: 1 }), points, 'more'),
		number(m.trace_trades(), (each) => each.trades, count, whole, null),
		amount(m.trace_fees(), (each) => money(each.fees))
	]; // prettier-ignore
}
