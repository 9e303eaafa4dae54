import type {
	IChartApiBase,
	IPrimitivePaneRenderer,
	IPrimitivePaneView,
	ISeriesApi,
	ISeriesPrimitive,
	PrimitivePaneViewZOrder,
	SeriesAttachedParameter,
	SeriesType,
	Time
} from 'lightweight-charts';

/** What is drawn upon. */
export type Target = Parameters<IPrimitivePaneRenderer['draw']>[0];

/** Something of our own that is drawn with a series; the chart and the series are there while it is attached. */
export abstract class SeriesPrimitive implements ISeriesPrimitive<Time> {
	protected chart: IChartApiBase<Time> | null = null;
	protected series: ISeriesApi<SeriesType> | null = null;
	#request: (() => void) | null = null;
	readonly #views: readonly IPrimitivePaneView[];

	constructor(order: PrimitivePaneViewZOrder) {
		const renderer: IPrimitivePaneRenderer = { draw: (target) => this.draw(target) };
		this.#views = [{ renderer: () => renderer, zOrder: () => order }];
	}

	protected abstract draw(target: Target): void;

	attached({ chart, series, requestUpdate }: SeriesAttachedParameter<Time>): void {
		this.chart = chart;
		this.series = series;
		this.#request = requestUpdate;
	}

	detached(): void {
		this.chart = this.series = this.#request = null;
	}

	paneViews(): readonly IPrimitivePaneView[] {
		return this.#views;
	}

	redraw(): void {
		this.#request?.();
	}
}
