/** Something that is dragged by its handle, with mouse, pen or finger, and where it would land. */
import { createContext } from 'svelte';
import type { Path } from './document/paths';
import type { Slot } from './document/tree';

const BEGINS = 4;
const EDGE = 72;

/** Lists of conditions take conditions, the list of rules takes rules. */
export type Freight = 'condition' | 'rule';

export const [theDrag, setDrag] = createContext<Drag>();

export class Drag {
	path: Path | null = $state.raw(null);
	freight: Freight | null = $state(null);
	target: Slot | null = $state.raw(null);

	constructor(private readonly drop: (freight: Freight, path: Path, to: Slot) => void) {}

	/** Follows the pointer until it is let go; Escape drops nothing. */
	begin(event: PointerEvent, freight: Freight, path: Path): void {
		if (event.button !== 0) return;
		const handle = event.currentTarget as HTMLElement;
		const [x, y] = [event.clientX, event.clientY];
		const done = new AbortController();
		const { signal } = done;
		let before = y;
		handle.setPointerCapture(event.pointerId);
		const end = (): void => {
			done.abort();
			this.path = this.freight = this.target = null;
		};
		handle.addEventListener(
			'pointermove',
			(moved) => {
				if (!this.path && Math.hypot(moved.clientX - x, moved.clientY - y) < BEGINS) return;
				[this.path, this.freight] = [path, freight];
				this.target = slotAt(freight, moved.clientX, moved.clientY);
				scroll(before, moved.clientY);
				before = moved.clientY;
			},
			{ signal }
		);
		handle.addEventListener(
			'pointerup',
			() => {
				const { target } = this;
				if (this.path && target) this.drop(freight, path, target);
				end();
			},
			{ signal }
		);
		handle.addEventListener('pointercancel', end, { signal });
		window.addEventListener(
			'keydown',
			(pressed) => {
				if (pressed.key === 'Escape') end();
			},
			{ signal }
		);
	}

	/** Whether it would land right before this item, or behind the last one. */
	lands(list: Path, at: number): boolean {
		const { target } = this;
		return target !== null && target.at === at && JSON.stringify(target.list) === JSON.stringify(list);
	}
}

/** The innermost list under the pointer says where; its items carry `data-item`. */
function slotAt(freight: Freight, x: number, y: number): Slot | null {
	const list = document.elementFromPoint(x, y)?.closest<HTMLElement>(`[data-${freight}s]`);
	if (!list) return null;
	const items = [...list.querySelectorAll<HTMLElement>(':scope > [data-item]')];
	const before = items.findIndex((item) => {
		const { top, height } = item.getBoundingClientRect();
		return y < top + height / 2;
	});
	const path = list.getAttribute(`data-${freight}s`) ?? '[]';
	return { list: JSON.parse(path) as Path, at: before < 0 ? items.length : before };
}

/** Towards an edge of the window the page comes along; what is picked up near one stays. */
function scroll(before: number, y: number): void {
	const [above, below] = [EDGE - y, y - (window.innerHeight - EDGE)];
	if (y < before && above > 0) window.scrollBy({ top: -above / 3 });
	if (y > before && below > 0) window.scrollBy({ top: below / 3 });
}
