/** What can be done with a condition: in its menu, and with keys on its handle. */
import Ban from '@lucide/svelte/icons/ban';
import Braces from '@lucide/svelte/icons/braces';
import Clock from '@lucide/svelte/icons/clock';
import Copy from '@lucide/svelte/icons/copy';
import EyeOff from '@lucide/svelte/icons/eye-off';
import MoveDown from '@lucide/svelte/icons/move-down';
import MoveUp from '@lucide/svelte/icons/move-up';
import Trash from '@lucide/svelte/icons/trash-2';
import Ungroup from '@lucide/svelte/icons/ungroup';
import { tick } from 'svelte';
import { m } from '$lib/paraglide/messages';
import type { MenuItem } from '$lib/ui';
import type { Document } from '../strategies/document';
import { isObject, spelled, type Path } from './document/paths';
import { copy, kindOf, negate, partsOf, remove, step, unwrap, wrap } from './document/tree';
import type { Workbench } from './workbench.svelte';

export const SHORTCUTS = 'Alt+ArrowUp Alt+ArrowDown N D X G Delete';

export class Deeds {
	constructor(
		private readonly bench: Workbench,
		/** With every `not` around it. */
		private readonly item: () => Path,
		/** Without them. */
		private readonly path: () => Path
	) {}

	readonly negate = (): void => this.#kept((document) => negate(document, this.item()));
	readonly copy = (): void =>
		this.bench.change((document) => copy(document, this.item(), m.builder_veto_name()));
	readonly remove = (): void => this.bench.change((document) => remove(document, this.item()));
	readonly park = (): void => this.bench.park(this.item());
	readonly group = (): void => this.#kept((document) => wrap(document, this.item(), 'all'));
	readonly ungroup = (): void => this.#kept((document) => unwrap(document, this.path()));
	readonly held = (): void => this.bench.set([...this.path(), 'for'], 2);
	readonly within = (): void => this.bench.set([...this.path(), 'within'], 2);

	step(by: -1 | 1): void {
		let now: Path | null = null;
		this.bench.change((document) => {
			const moved = step(document, this.item(), by);
			now = moved?.path ?? null;
			return moved?.document ?? null;
		});
		if (now) focus(now);
	}

	/** It stays where it is, made anew as something else. */
	#kept(next: (document: Document) => Document): void {
		const item = this.item();
		this.bench.change(next);
		focus(item);
	}

	/** The keys work on the handle alone, and the arrows everywhere in the row. */
	readonly keys = (event: KeyboardEvent): void => {
		if (event.defaultPrevented) return;
		const onHandle = event.target instanceof HTMLElement && event.target.dataset.handle !== undefined;
		const deed = event.altKey
			? { ArrowUp: () => this.step(-1), ArrowDown: () => this.step(1) }[event.key]
			: onHandle && !event.ctrlKey && !event.metaKey
				? { n: this.negate, d: this.copy, x: this.park, g: this.group, Delete: this.remove }[event.key]
				: undefined;
		if (!deed) return;
		event.stopPropagation(); // what is around it has the same keys
		event.preventDefault();
		deed();
	};

	items(): MenuItem[] {
		const node = this.bench.valueAt(this.path());
		const has = (key: string) => isObject(node) && node[key] != null;
		const single = kindOf(node) !== 'leaf' && partsOf(node, []).length === 1;
		return [
			{ label: m.builder_negate(), icon: Ban, keys: 'N', onselect: this.negate },
			{ label: m.builder_copy(), icon: Copy, keys: 'D', onselect: this.copy },
			{ label: m.builder_park(), icon: EyeOff, keys: 'X', onselect: this.park },
			{ label: m.builder_wrap(), icon: Braces, keys: 'G', onselect: this.group },
			...(single ? [{ label: m.builder_unwrap(), icon: Ungroup, onselect: this.ungroup }] : []),
			...(has('for') ? [] : [{ label: m.builder_add_for(), icon: Clock, onselect: this.held }]),
			...(has('within') ? [] : [{ label: m.builder_add_within(), icon: Clock, onselect: this.within }]),
			{ label: m.builder_up(), icon: MoveUp, keys: 'Alt ↑', onselect: () => this.step(-1) },
			{ label: m.builder_down(), icon: MoveDown, keys: 'Alt ↓', onselect: () => this.step(1) },
			{ label: m.builder_remove(), icon: Trash, keys: 'Del', danger: true, onselect: this.remove }
		];
	}
}

/** The focus goes with what was moved. */
export function focus(path: Path): void {
	void tick().then(() =>
		document.querySelector<HTMLElement>(`[data-handle="${CSS.escape(spelled(path))}"]`)?.focus()
	);
}
