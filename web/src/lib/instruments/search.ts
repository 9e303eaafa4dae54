import type { Schemas } from '$lib/api/client';

export type Found = Schemas['Instrument'];
type Ask = (query: string, signal: AbortSignal) => Promise<readonly Found[]>;

/** Milliseconds: as long as an answer is taken from here, and as long as typing may pause before the server is asked. */
const FRESH = 5 * 60_000;
const PAUSE = 80;
const KEPT = 200;

/** Instruments by what is typed. Answers are kept for each query, and never is more than one on its way: a newer query cuts the older short. */
export class InstrumentSearch {
	#kept = new Map<string, { at: number; found: readonly Found[] }>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#asking: AbortController | undefined;

	constructor(
		private readonly ask: Ask,
		private readonly now: () => number = Date.now
	) {}

	/** What was answered before, and is fresh still. */
	known(query: string): readonly Found[] | null {
		const kept = this.#kept.get(spoken(query));
		return kept && this.now() - kept.at < FRESH ? kept.found : null;
	}

	/** `hear` is told what was found, at once where it is known; of queries that were overtaken it hears nothing. */
	want(query: string, hear: (found: readonly Found[]) => void, fail: (error: unknown) => void): void {
		this.leave();
		const known = this.known(query);
		if (known) return hear(known);
		this.#timer = setTimeout(() => {
			const asking = (this.#asking = new AbortController());
			this.ask(spoken(query), asking.signal).then(
				(found) => {
					if (asking.signal.aborted) return;
					this.#keep(spoken(query), found);
					hear(found);
				},
				(error: unknown) => {
					if (!asking.signal.aborted) fail(error);
				}
			);
		}, PAUSE);
	}

	leave(): void {
		clearTimeout(this.#timer);
		this.#asking?.abort();
	}

	/** What venues list has changed. */
	forget(): void {
		this.#kept.clear();
	}

	#keep(query: string, found: readonly Found[]): void {
		this.#kept.delete(query);
		this.#kept.set(query, { at: this.now(), found });
		const oldest = this.#kept.keys().next().value;
		if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
	}
}

const spoken = (query: string) => query.trim().toLowerCase().replace(/\s+/g, ' ');
