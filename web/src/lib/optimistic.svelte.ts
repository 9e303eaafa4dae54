/** Something that the server keeps, shown as it will be once what was asked for is done. */
export class Optimistic<T> {
	#settled: T = $state.raw() as T;
	#pending: ((value: T) => T)[] = $state.raw([]);
	#turn: Promise<unknown> = Promise.resolve();
	/** What the server said, and over it what it has not answered yet, in turn. */
	readonly value: T = $derived(this.#pending.reduce((value, change) => change(value), this.#settled));

	constructor(
		first: T,
		private readonly fail: (error: unknown) => void
	) {
		this.#settled = first;
	}

	/** What the server said by itself. */
	settle(value: T): void {
		this.#settled = value;
	}

	/**
	 * Shows a change at once and sends it when those before it are answered; `answered` folds the answer into what the server has said. Where it
	 * is refused, this change alone is taken back. Answers whether it was done.
	 */
	async change<Answer>(
		change: (value: T) => T,
		send: () => Promise<Answer>,
		answered: (value: T, answer: Answer) => T
	): Promise<boolean> {
		this.#pending = [...this.#pending, change];
		const sent = this.#turn.then(send);
		this.#turn = sent.catch(() => undefined);
		try {
			const answer = await sent;
			this.#settled = answered(this.#settled, answer);
			return true;
		} catch (error) {
			this.fail(error);
			return false;
		} finally {
			this.#pending = this.#pending.filter((each) => each !== change);
		}
	}
}
