import type { Columns } from './columns';

const FIRST_CAPACITY = 4_096;

/**
 * All bars of a chart, as typed arrays that grow at both ends: at the right while bars close, at the left while somebody scrolls into the
 * past. Four bytes a number; the chart library holds only the stretch that is drawn.
 */
export class BarStore {
	#names: readonly string[] = [];
	#time = new Uint32Array(0);
	#values = new Map<string, Float32Array>();
	#from = 0;
	#to = 0;

	get length(): number {
		return this.#to - this.#from;
	}

	get names(): readonly string[] {
		return this.#names;
	}

	/** Of a bar by its place; places count from the oldest. */
	time(place: number): number {
		return this.#time[this.#from + place] ?? NaN;
	}

	value(name: string, place: number): number {
		return this.#values.get(name)?.[this.#from + place] ?? NaN;
	}

	/** The whole column, as a view that is valid until the next bars come. */
	column(name: string): Float32Array | undefined {
		return this.#values.get(name)?.subarray(this.#from, this.#to);
	}

	get times(): Uint32Array {
		return this.#time.subarray(this.#from, this.#to);
	}

	/** The last bar that opened at or before `time`; -1 where all are later. */
	placeAt(time: number): number {
		let low = 0;
		let high = this.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.time(middle) <= time) low = middle + 1;
			else high = middle;
		}
		return low - 1;
	}

	/** Older bars. What is not older than the first bar is dropped, so that pages may overlap. Answers how many came. */
	prepend(older: Columns): number {
		const first = this.length ? this.time(0) : Infinity;
		let count = older.time.length;
		while (count > 0 && (older.time[count - 1] as number) >= first) count -= 1;
		if (count === 0) return 0;
		this.#widen(older, count, 0);
		this.#from -= count;
		this.#write(older, 0, count, this.#from);
		return count;
	}

	/**
	 * Newer bars. Those that are there already may come again, changed: column by column, what is not among the new ones stays. Bars that are
	 * older than the last and are not there are dropped, as happens after a reconnect. Answers the first place that has changed.
	 */
	append(newer: Columns): number {
		const last = this.length ? this.time(this.length - 1) : -Infinity;
		let first = this.length;
		let known = 0;
		for (; known < newer.time.length && (newer.time[known] as number) <= last; known += 1) {
			const place = this.placeAt(newer.time[known] as number);
			if (place < 0 || this.time(place) !== newer.time[known]) continue;
			first = Math.min(first, place);
			for (const [name, column] of newer.values) {
				const mine = this.#values.get(name);
				if (mine) mine[this.#from + place] = column[known] as number;
			}
		}
		const count = newer.time.length - known;
		if (count === 0) return first;
		this.#widen(newer, 0, count);
		this.#write(newer, known, count, this.#to);
		this.#to += count;
		return first;
	}

	/** Makes room; the spare room doubles with the store, so that growing costs a constant time a bar. */
	#widen(columns: Columns, left: number, right: number): void {
		if (this.#names.length === 0) this.#names = [...columns.values.keys()];
		if (left <= this.#from && right <= this.#time.length - this.#to) return;
		const spare = Math.max(FIRST_CAPACITY, this.length);
		const from = left > this.#from ? left + spare : this.#from;
		const capacity = from + this.length + Math.max(right, this.#time.length - this.#to) + (right ? spare : 0);

		const time = new Uint32Array(capacity);
		time.set(this.times, from);
		for (const name of this.#names) {
			const wider = new Float32Array(capacity).fill(NaN);
			const column = this.column(name);
			if (column) wider.set(column, from);
			this.#values.set(name, wider);
		}
		this.#to = from + this.length;
		this.#from = from;
		this.#time = time;
	}

	#write(columns: Columns, skip: number, count: number, place: number): void {
		this.#time.set(columns.time.subarray(skip, skip + count), place);
		for (const [name, wider] of this.#values) {
			const column = columns.values.get(name);
			if (column) wider.set(column.subarray(skip, skip + count), place);
			else wider.fill(NaN, place, place + count);
		}
	}
}
