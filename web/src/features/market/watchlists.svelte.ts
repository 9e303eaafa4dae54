import { toast } from 'svelte-sonner';
import { ApiError, api, body, once, type Schemas } from '$lib/api/client';
import { explained } from '$lib/api/explained';
import { m } from '$lib/paraglide/messages';
import { Optimistic } from '$lib/optimistic.svelte';
import { added, without } from './lists';

export type Watchlist = Schemas['WatchlistItem'];

function told(error: unknown): void {
	const said = error instanceof Error ? error.message : String(error);
	if (error instanceof ApiError && error.code === 'network') toast.error(m.problem_network());
	else
		toast.error(error instanceof ApiError ? explained(error.code) : m.problem_unexpected(), {
			description: said
		});
}

/** All watchlists: changes show at once, and are taken back with a word where the server refuses them. */
export class Watchlists {
	#kept = new Optimistic<readonly Watchlist[]>([], told);
	readonly all = $derived(this.#kept.value);

	settle(lists: readonly Watchlist[]): void {
		this.#kept.settle(lists);
	}

	rename(list: Watchlist, name: string): Promise<boolean> {
		return this.#save(list, (each) => ({ ...each, name }));
	}

	order(list: Watchlist, instruments: string[]): Promise<boolean> {
		return this.#save(list, (each) => ({ ...each, instruments }));
	}

	watch(list: Watchlist, instrument: string): Promise<boolean> {
		const path = { watchlist_id: list.id };
		return this.#change(
			list.id,
			(each) => ({ ...each, instruments: added(each.instruments, instrument) }),
			() =>
				body(
					api.POST('/api/v1/watchlists/{watchlist_id}/instruments', {
						params: { path },
						body: { instrument },
						headers: once()
					})
				)
		);
	}

	async unwatch(list: Watchlist, instrument: string): Promise<void> {
		const params = { path: { watchlist_id: list.id }, query: { instrument } };
		const before = [...list.instruments];
		const done = await this.#change(
			list.id,
			(each) => ({ ...each, instruments: without(each.instruments, instrument) }),
			() => body(api.DELETE('/api/v1/watchlists/{watchlist_id}/instruments', { params }))
		);
		const undo = { label: m.market_undo(), onClick: () => void this.order(list, before) };
		if (done) toast(m.market_unwatched({ name: instrument }), { action: undo });
	}

	/** Answers the new list, which the server names; null where it refuses. */
	async make(name: string, instruments: string[]): Promise<Watchlist | null> {
		const made: Watchlist[] = [];
		await this.#kept.change(
			(lists) => lists,
			() => body(api.POST('/api/v1/watchlists', { body: { name, instruments }, headers: once() })),
			(lists, answer) => {
				made.push(answer);
				return [...lists, answer];
			}
		);
		return made[0] ?? null;
	}

	/** Raises ApiError, whose errors name the lines of the text that are none. */
	async bring(name: string, text: string): Promise<Watchlist> {
		const made = await body(
			api.POST('/api/v1/watchlists/import', {
				params: { query: { name } },
				body: text,
				bodySerializer: (plain) => plain,
				headers: { ...once(), 'Content-Type': 'text/plain' }
			})
		);
		await this.#kept.change(
			(lists) => lists,
			() => Promise.resolve(),
			(lists) => [...lists, made]
		);
		return made;
	}

	async delete(list: Watchlist, restored: (made: Watchlist) => void): Promise<void> {
		const params = { path: { watchlist_id: list.id } };
		const gone = (lists: readonly Watchlist[]) => lists.filter((each) => each.id !== list.id);
		const done = await this.#kept.change(
			gone,
			() => api.DELETE('/api/v1/watchlists/{watchlist_id}', { params }),
			gone
		);
		if (!done) return;
		const undo = async () => {
			const made = await this.make(list.name, [...list.instruments]);
			if (made) restored(made);
		};
		toast(m.market_list_deleted({ name: list.name }), {
			action: { label: m.market_undo(), onClick: () => void undo() }
		});
	}

	/** The whole list, as it is when those changes that came before are done. */
	#save(list: Watchlist, change: (list: Watchlist) => Watchlist): Promise<boolean> {
		const params = { path: { watchlist_id: list.id } };
		return this.#change(list.id, change, () => {
			const { name, instruments } = this.all.find((each) => each.id === list.id) ?? change(list);
			return body(api.PUT('/api/v1/watchlists/{watchlist_id}', { params, body: { name, instruments } }));
		});
	}

	#change(
		id: string,
		change: (list: Watchlist) => Watchlist,
		send: () => Promise<Watchlist>
	): Promise<boolean> {
		const replaced = (lists: readonly Watchlist[], by: (list: Watchlist) => Watchlist) =>
			lists.map((each) => (each.id === id ? by(each) : each));
		return this.#kept.change(
			(lists) => replaced(lists, change),
			send,
			(lists, answer) => replaced(lists, () => answer)
		);
	}
}
