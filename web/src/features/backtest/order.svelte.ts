import { api, ApiError, body, once, type Schemas } from '$lib/api/client';
import { Latest } from '$lib/latest';
import { m } from '$lib/paraglide/messages';
import { parametersOf } from '../strategies/document';
import { atControls, EMPTY, formOf, requestOf, revived, type Form, type NewSession } from './request';

const KEY = 'assay.backtest';
const PAUSE = 200;

/** A run while it is put together: the form, what it would take, and what is wrong with it. */
export class Order {
	form: Form = $state(revived(localStorage.getItem(KEY)));
	estimate: Schemas['Estimate'] | null = $state.raw(null);
	complaints: Schemas['ProblemItem'][] = $state.raw([]);
	failure: Error | null = $state.raw(null);
	busy = $state(false);
	starting = $state(false);

	readonly request = $derived(requestOf(this.form));
	readonly errors = $derived(atControls(this.complaints));

	readonly #latest = new Latest(PAUSE);
	/** The same order sent again, after an answer that did not come, takes effect once. */
	#sent: { text: string; key: Record<'Idempotency-Key', string> } | null = null;

	/** Another strategy brings its own instruments and timeframe; the account stays. */
	choose({ id, universe, timeframe }: Schemas['StrategyItem']): void {
		Object.assign(this.form, {
			strategy: id,
			version: '',
			document: null,
			universe: [...universe],
			timeframe,
			parameters: {}
		});
	}

	again(session: Schemas['SessionDetail']): void {
		const values = parametersOf(session.document).map(({ name, value }) => [name, value] as const);
		this.form = formOf(session, Object.fromEntries(values));
	}

	/** As it was before anything was typed, but for the strategy. */
	reset(strategy: Schemas['StrategyItem'] | null): void {
		this.form = { ...EMPTY, universe: [], parameters: {} };
		if (strategy) this.choose(strategy);
	}

	keep(): void {
		try {
			localStorage.setItem(KEY, JSON.stringify(this.form));
		} catch {
			// A full or closed store: the form is not remembered, and works.
		}
	}

	ask(request: NewSession): void {
		this.leave();
		if (this.#empty(request)) return;
		this.busy = true;
		this.#latest.want((signal) => this.#estimate(request, signal));
	}

	leave(): void {
		this.#latest.leave();
		this.busy = false;
	}

	/** The session that was started; null where the server refused. */
	async start(): Promise<Schemas['SessionDetail'] | null> {
		const { request } = this;
		if (this.starting || this.#empty(request)) return null;
		this.starting = true;
		const text = JSON.stringify(request);
		if (this.#sent?.text !== text) this.#sent = { text, key: once() };
		try {
			const started = await body(api.POST('/api/v1/sessions', { body: request, headers: this.#sent.key }));
			this.#sent = null;
			return started;
		} catch (error) {
			if (!(error instanceof ApiError && error.code === 'network')) this.#sent = null;
			this.#refused(error);
			return null;
		} finally {
			this.starting = false;
		}
	}

	/** The server would refuse it; this says it at once, in the reader's language. */
	#empty({ universe }: NewSession): boolean {
		if (universe?.length) return false;
		this.estimate = null;
		this.failure = null;
		this.complaints = [{ path: 'universe', code: 'empty', message: m.backtest_universe_empty() }];
		return true;
	}

	async #estimate(request: NewSession, signal: AbortSignal): Promise<void> {
		try {
			const estimate = await body(api.POST('/api/v1/sessions/estimate', { body: request, signal }));
			if (signal.aborted) return;
			this.estimate = estimate;
			this.complaints = estimate.errors;
			this.failure = null;
		} catch (error) {
			if (signal.aborted) return; // overtaken
			this.#refused(error);
		}
		this.busy = false;
	}

	#refused(error: unknown): void {
		this.estimate = null;
		this.complaints = error instanceof ApiError ? error.problem.errors : [];
		this.failure = this.complaints.length ? null : error instanceof Error ? error : new Error(String(error));
	}
}
