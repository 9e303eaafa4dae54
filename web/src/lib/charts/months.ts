export interface Month {
	year: number;
	/** 1 is January. */
	month: number;
	/** A fraction; null where nothing can be said. */
	value: number | null;
}

export interface Year {
	year: number;
	months: (number | null)[];
	/** What the months together make of one unit: returns multiply. */
	total: number | null;
}

/** Months by year, each year with all twelve; years between that have none are there too. */
export function years(months: readonly Month[]): Year[] {
	const known = months.map((each) => each.year);
	if (known.length === 0) return [];
	const first = Math.min(...known);
	const rows = Array.from({ length: Math.max(...known) - first + 1 }, (_, place) => ({
		year: first + place,
		months: Array<number | null>(12).fill(null)
	}));
	for (const { year, month, value } of months) {
		const row = rows[year - first];
		if (row) row.months[month - 1] = value;
	}
	return rows.map((row) => {
		const said = row.months.filter((value) => value !== null);
		const total = said.length ? said.reduce((product, value) => product * (1 + value), 1) - 1 : null;
		return { ...row, total };
	});
}

/** How strongly a cell is coloured, in percent: 8 for next to nothing, 64 for the largest of all. */
export function strength(value: number, largest: number): number {
	return largest > 0 ? 8 + 56 * Math.min(1, Math.abs(value) / largest) : 8;
}
