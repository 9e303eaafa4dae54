import type { Schemas } from '$lib/api/client';

type Trade = Schemas['Trade'];

/** What of a result is looked at: the trade that is marked and the moment the chart shows. Tables and the chart share it. */
export class View {
	instrument: string = $state('');
	trade: Trade | null = $state.raw(null);
	decision: number | null = $state(null);
	/** The bar that is read about, by its open; its instrument is the one that is shown. */
	bar: string | null = $state(null);
	/** Asked for, not yet shown; `turn` tells two wishes for the same moment apart. */
	wish: { at: string; turn: number } | null = $state.raw(null);
	#turn = 0;

	constructor(instrument: string) {
		this.instrument = instrument;
	}

	showTrade(trade: Trade): void {
		this.trade = trade;
		this.decision = null;
		this.#show(trade.instrument, trade.entry_at);
	}

	showDecision(decision: { number: number; instrument: string; at: string }): void {
		this.decision = decision.number;
		this.trade = null;
		this.#show(decision.instrument, decision.at);
	}

	showBar(instrument: string, openedAt: string): void {
		this.bar = openedAt;
		this.#show(instrument, openedAt);
	}

	/** Of the instrument that is shown, where the chart is. */
	lookAt(openedAt: string): void {
		this.bar = openedAt;
	}

	leaveBar(): void {
		this.bar = null;
	}

	#show(instrument: string, at: string): void {
		this.instrument = instrument;
		this.wish = { at, turn: (this.#turn += 1) };
	}
}
