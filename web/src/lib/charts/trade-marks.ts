import type { Logical } from 'lightweight-charts';
import { SeriesPrimitive, type Target } from './series-primitive';
import type { Tones } from './tones';

/** One trade as it is drawn: seconds since 1970, prices as numbers. */
export interface Mark {
	id: number;
	direction: 'long' | 'short';
	entry: number;
	entryPrice: number;
	exit: number;
	exitPrice: number;
	won: boolean;
}

/** Marks in the order of their entries, and which of them touch a stretch of time: found by bisection, however many there are. */
export class Marks {
	readonly all: readonly Mark[];
	/** The latest exit among the marks up to here. */
	#latest: Float64Array;

	constructor(marks: readonly Mark[]) {
		this.all = [...marks].sort((a, b) => a.entry - b.entry);
		this.#latest = new Float64Array(this.all.length);
		let latest = -Infinity;
		for (const [place, mark] of this.all.entries()) {
			latest = Math.max(latest, mark.exit);
			this.#latest[place] = latest;
		}
	}

	within(from: number, to: number): readonly Mark[] {
		const begin = bisect(this.all.length, (place) => (this.#latest[place] as number) >= from);
		const end = bisect(this.all.length, (place) => (this.all[place] as Mark).entry > to);
		return this.all.slice(begin, end).filter((mark) => mark.exit >= from);
	}
}

/** The first place where something holds that holds from there on. */
function bisect(length: number, holds: (place: number) => boolean): number {
	let low = 0;
	let high = length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (holds(middle)) high = middle;
		else low = middle + 1;
	}
	return low;
}

/** What the primitive must know of the bars that are drawn. */
export interface Drawn {
	/** Place of the bar at a time on the chart; null outside of what is drawn. */
	logicalAt(time: number): number | null;
	timeAt(logical: number): number;
}

type Locate = (time: number, price: number) => [number, number] | null;

const ARROW = 5;
const AWAY = 7;
/** From so many marks in view on, arrows would hide the candles; points remain. */
const CROWDED = 150;

/**
 * Arrows where was bought and sold, a point at the price, and a dashed line between that says whether it won. The library's own markers
 * clone all data at every change; these draw what is in view.
 */
export class TradeMarks extends SeriesPrimitive {
	marks = new Marks([]);
	selected: number | null = null;

	constructor(
		readonly drawn: Drawn,
		public tones: Tones
	) {
		super('top');
	}

	protected draw(target: Target): void {
		const scale = this.chart?.timeScale();
		const range = scale?.getVisibleLogicalRange();
		const series = this.series;
		if (!scale || !range || !series || this.marks.all.length === 0) return;
		const seen = this.marks.within(this.drawn.timeAt(range.from), this.drawn.timeAt(range.to));
		const chosen = seen.find((mark) => mark.id === this.selected);

		target.useBitmapCoordinateSpace(({ context, horizontalPixelRatio, verticalPixelRatio: ratio }) => {
			const point: Locate = (time, price) => {
				const logical = this.drawn.logicalAt(time);
				const x = logical === null ? null : scale.logicalToCoordinate(logical as Logical);
				const y = series.priceToCoordinate(price);
				return x === null || y === null ? null : [x * horizontalPixelRatio, y * ratio];
			};
			if (seen.length > CROWDED) this.#points(context, seen, point, ratio);
			else for (const mark of seen) if (mark !== chosen) this.#mark(context, mark, point, ratio, false);
			if (chosen) this.#mark(context, chosen, point, ratio, true);
		});
	}

	/** Points alone, all of a colour in one stroke of the brush: hundreds of paths would cost a frame. */
	#points(context: CanvasRenderingContext2D, seen: readonly Mark[], point: Locate, ratio: number): void {
		const size = Math.round(3 * ratio);
		const dots = { buy: new Path2D(), sell: new Path2D() };
		const dot = (side: keyof typeof dots, at: [number, number] | null) => {
			if (at) dots[side].rect(Math.round(at[0] - size / 2), Math.round(at[1] - size / 2), size, size);
		};
		for (const mark of seen) {
			const long = mark.direction === 'long';
			dot(long ? 'buy' : 'sell', point(mark.entry, mark.entryPrice));
			dot(long ? 'sell' : 'buy', point(mark.exit, mark.exitPrice));
		}
		context.fillStyle = this.tones.candleUp;
		context.fill(dots.buy);
		context.fillStyle = this.tones.candleDown;
		context.fill(dots.sell);
	}

	#mark(context: CanvasRenderingContext2D, mark: Mark, point: Locate, ratio: number, chosen: boolean): void {
		const entry = point(mark.entry, mark.entryPrice);
		const exit = point(mark.exit, mark.exitPrice);
		if (entry && exit) {
			context.beginPath();
			context.setLineDash(chosen ? [] : [4 * ratio, 3 * ratio]);
			context.lineWidth = (chosen ? 2 : 1) * ratio;
			context.strokeStyle = mark.won ? this.tones.candleUp : this.tones.candleDown;
			context.moveTo(...entry);
			context.lineTo(...exit);
			context.stroke();
			context.setLineDash([]);
		}
		const long = mark.direction === 'long';
		if (entry) this.#arrow(context, entry, long, ratio, chosen);
		if (exit) this.#arrow(context, exit, !long, ratio, chosen);
	}

	/** A buy points up from below, a sale down from above. */
	#arrow(
		context: CanvasRenderingContext2D,
		[x, y]: [number, number],
		buy: boolean,
		ratio: number,
		chosen: boolean
	): void {
		const side = buy ? 1 : -1;
		const size = (chosen ? ARROW + 2 : ARROW) * ratio;
		const tip = y + side * AWAY * ratio;
		context.fillStyle = buy ? this.tones.candleUp : this.tones.candleDown;
		context.strokeStyle = this.tones.surface;
		context.lineWidth = ratio;
		context.beginPath();
		context.arc(x, y, 2.5 * ratio, 0, 2 * Math.PI);
		context.closePath();
		context.moveTo(x, tip);
		context.lineTo(x + size, tip + side * size * 1.5);
		context.lineTo(x - size, tip + side * size * 1.5);
		context.closePath();
		context.fill();
		context.stroke();
	}
}
