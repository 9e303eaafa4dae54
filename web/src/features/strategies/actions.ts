/** What can be done with a strategy, from the list and from its page. */
import type { QueryClient } from '@tanstack/svelte-query';
import { toast } from 'svelte-sonner';
import { goto } from '$app/navigation';
import { api, ApiError, body, once, type Schemas } from '$lib/api/client';
import { explained } from '$lib/api/explained';
import { m } from '$lib/paraglide/messages';

type Item = Pick<Schemas['StrategyItem'], 'id' | 'name'>;

export const pageOf = (strategy: Pick<Item, 'id'>) => `/strategies/${strategy.id}`;
export const runOf = (strategy: Pick<Item, 'id'>) => `/backtest?strategy=${strategy.id}`;

/** A name inside a sentence: whatever direction it is written in, it turns nothing around it. */
export const isolated = (name: string) => `\u2068${name}\u2069`;

/** Says in a corner what the server refused. */
export function complain(error: unknown): void {
	if (!(error instanceof ApiError)) toast.error(error instanceof Error ? error.message : String(error));
	else toast.error(explained(error.code), { description: error.problem.detail });
}

export class Actions {
	constructor(private readonly client: QueryClient) {}

	async create(from: Schemas['NewStrategy']): Promise<void> {
		const made = await body(api.POST('/api/v1/strategies', { body: from, headers: once() }));
		await this.#made(made);
	}

	/** The text of a file goes as it is: the server says where it is wrong, also where a key stands twice. */
	async import(text: string): Promise<void> {
		const made = await body(
			api.POST('/api/v1/strategies/import', {
				body: text as unknown as Record<string, never>,
				bodySerializer: (raw) => raw as unknown as string,
				headers: { ...once(), 'content-type': 'application/json' }
			})
		);
		await this.#made(made);
	}

	async duplicate({ id }: Item): Promise<void> {
		try {
			const path = { strategy_id: id };
			const made = await body(
				api.POST('/api/v1/strategies/{strategy_id}/duplicate', { params: { path }, headers: once() })
			);
			await this.#made(made);
		} catch (error) {
			complain(error);
		}
	}

	async delete({ id, name }: Item): Promise<boolean> {
		try {
			await api.DELETE('/api/v1/strategies/{strategy_id}', { params: { path: { strategy_id: id } } });
			toast.success(m.strategies_deleted({ name: isolated(name) }));
			await this.client.invalidateQueries({ queryKey: ['strategies'] });
			return true;
		} catch (error) {
			complain(error);
			return false;
		}
	}

	/** The server names the file. */
	export({ id }: Item): void {
		const link = document.createElement('a');
		link.href = `/api/v1/strategies/${id}/export`;
		link.download = '';
		link.click();
	}

	async #made(made: Schemas['StrategyDetail']): Promise<void> {
		toast.success(m.strategies_created({ name: isolated(made.name) }));
		this.client.setQueryData(['strategies', 'one', made.id], made);
		void this.client.invalidateQueries({ queryKey: ['strategies', 'list'] });
		await goto(pageOf(made));
	}
}
