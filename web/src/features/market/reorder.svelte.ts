const BEGINS = 4;

/** One row of a list that is dragged by its handle, with mouse, pen or finger, and before which row it would land. */
export class Reorder {
	from: number | null = $state(null);
	to: number | null = $state(null);

	constructor(private readonly drop: (from: number, to: number) => void) {}

	/** Follows the pointer until it is let go; Escape drops nothing. */
	begin(event: PointerEvent, from: number): void {
		if (event.button !== 0) return;
		const handle = event.currentTarget as HTMLElement;
		const list = handle.closest('ul');
		const done = new AbortController();
		const { signal } = done;
		const begun = event.clientY;
		handle.setPointerCapture(event.pointerId);
		const end = () => {
			done.abort();
			this.from = this.to = null;
		};
		handle.addEventListener(
			'pointermove',
			({ clientY }) => {
				if (this.from === null && Math.abs(clientY - begun) < BEGINS) return;
				this.from = from;
				this.to = placeAt([...(list?.children ?? [])], clientY);
			},
			{ signal }
		);
		handle.addEventListener(
			'pointerup',
			() => {
				if (this.from !== null && this.to !== null) this.drop(this.from, this.to);
				end();
			},
			{ signal }
		);
		handle.addEventListener('pointercancel', end, { signal });
		window.addEventListener('keydown', ({ key }) => key === 'Escape' && end(), { signal });
	}
}

/** Before which of the rows a height is. */
function placeAt(rows: readonly Element[], y: number): number {
	const before = rows.findIndex((row) => {
		const { top, height } = row.getBoundingClientRect();
		return y < top + height / 2;
	});
	return before < 0 ? rows.length : before;
}
