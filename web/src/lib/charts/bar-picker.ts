import type { Logical, MouseEventParams, SeriesAttachedParameter, Time } from 'lightweight-charts';
import { SeriesPrimitive, type Target } from './series-primitive';
import { thin, type Tones } from './tones';

/** Fewer points than bars, where their times lie so many bars apart. */
const COARSE = 1.5;

/**
 * A bar is chosen with a click, or with keys that move the crosshair; the chosen one stands in a band. Where a point is many bars, choosing
 * it goes there.
 */
export class BarPicker extends SeriesPrimitive {
	/** Hears the open of a bar that was chosen: seconds since 1970. */
	onpick: ((time: number) => void) | null = null;

	#chosen: number | null = null;
	/** Where the keys are. */
	#pointed: number | null = null;

	/** `each` are the seconds from bar to bar. */
	constructor(
		private readonly each: number,
		private readonly goTo: (time: number) => void,
		public tones: Tones
	) {
		super('bottom');
	}

	override attached(to: SeriesAttachedParameter<Time>): void {
		super.attached(to);
		to.chart.subscribeClick(this.#clicked);
		if (this.#chosen !== null) this.goTo(this.#chosen);
	}

	override detached(): void {
		this.chart?.unsubscribeClick(this.#clicked);
		super.detached();
	}

	/** Puts the band around the bar that opens at `time`, and brings it into view; null takes the band away. */
	choose(time: number | null): void {
		this.#chosen = this.#pointed = time;
		this.redraw();
		if (time !== null && this.series && !this.#seen(time)) this.goTo(time);
	}

	/** Moves the crosshair by so many bars, from where it is, from the chosen bar, or from the last one in view. */
	step(by: number): void {
		const [chart, series] = [this.chart, this.series];
		const range = chart?.timeScale().getVisibleLogicalRange();
		if (!chart || !series || !range) return;
		const from = this.#pointed === null ? Math.floor(range.to) + 1 : this.#placeOf(this.#pointed);
		const bar = series.dataByIndex(Math.max(0, from + by), by < 0 ? -1 : 1) ?? series.dataByIndex(from, -1);
		if (!bar) return;
		const time = bar.time as number;
		this.#pointed = time;
		if (!this.#seen(time)) this.goTo(time);
		chart.setCrosshairPosition((bar as { close?: number }).close ?? 0, bar.time, series);
	}

	/** Chooses what the keys point at. */
	pick(time = this.#pointed): void {
		if (time === null) return;
		if (this.#coarse(time)) this.goTo(time);
		this.onpick?.(time);
	}

	readonly #clicked = ({ time }: MouseEventParams<Time>): void => {
		if (time !== undefined) this.pick(time as number);
	};

	/** The place of the last bar that opens at or before a time. */
	#placeOf(time: number): number {
		const nearest = this.chart?.timeScale().timeToIndex(time as Time, true) ?? 0;
		const there = this.series?.dataByIndex(nearest)?.time as number | undefined;
		return there !== undefined && there > time ? nearest - 1 : nearest;
	}

	#seen(time: number): boolean {
		const range = this.chart?.timeScale().getVisibleLogicalRange();
		const first = this.series?.dataByIndex(0, 1)?.time as number | undefined;
		if (!range || first === undefined || time < first) return false;
		const place = this.#placeOf(time);
		const [here, next] = [place, place + 1].map((each) => this.series?.dataByIndex(each)?.time as number);
		const drawn = next !== undefined || (here ?? -Infinity) + this.each > time;
		return drawn && place >= range.from && place <= range.to;
	}

	#coarse(time: number): boolean {
		const place = this.#placeOf(time);
		const near = [place - 1, place, place + 1].flatMap((each) => {
			const bar = each < 0 ? null : this.series?.dataByIndex(each);
			return bar ? [bar.time as number] : [];
		});
		const gaps = near.slice(1).map((each, before) => each - (near[before] as number));
		return Math.min(...gaps) > COARSE * this.each;
	}

	protected draw(target: Target): void {
		const scale = this.chart?.timeScale();
		if (!scale || this.#chosen === null) return;
		const middle = scale.logicalToCoordinate(this.#placeOf(this.#chosen) as Logical);
		if (middle === null) return;
		target.useBitmapCoordinateSpace(({ context, bitmapSize, horizontalPixelRatio }) => {
			const width = Math.max(3, scale.options().barSpacing) * horizontalPixelRatio;
			const left = middle * horizontalPixelRatio - width / 2;
			context.fillStyle = thin(this.tones.brand, 0.18);
			context.fillRect(left, 0, width, bitmapSize.height);
			context.fillStyle = this.tones.brand;
			context.fillRect(left, 0, width, 2 * horizontalPixelRatio);
		});
	}
}
