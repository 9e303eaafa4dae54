/** One line of a curve; a gap in its values lifts the pen. */
export interface CurveLine {
	values: readonly (number | null)[];
	/** The class of its colour, for example `text-brand`. */
	tone: string;
	/** As SVG writes it; told apart without colour. */
	dash?: string | undefined;
	/** Filled down to the bottom. */
	filled?: boolean;
}

/** The lowest and the highest of all values and of `base`, which is in sight too. Without values, from nought to one. */
export function extent(lines: readonly CurveLine[], base: number | null): { low: number; high: number } {
	let [low, high] = base === null ? [Infinity, -Infinity] : [base, base];
	for (const { values } of lines) {
		for (const value of values) {
			if (value === null) continue;
			if (value < low) low = value;
			if (value > high) high = value;
		}
	}
	if (low > high) return { low: 0, high: 1 };
	return { low, high: high > low ? high : low + 1 };
}

/** Round values between two, at most six. */
export function rounded(low: number, high: number): number[] {
	const span = high - low;
	const power = 10 ** Math.floor(Math.log10(span / 4));
	const step = [1, 2, 5, 10].map((each) => each * power).find((each) => span / each <= 5) ?? span;
	const first = Math.ceil(low / step);
	return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, place) => (first + place) * step);
}

/** A line as SVG draws it. */
export function path(
	values: CurveLine['values'],
	x: (place: number) => number,
	y: (value: number) => number
): string {
	let pen = 'M';
	let drawn = '';
	for (const [place, value] of values.entries()) {
		if (value === null) pen = 'M';
		else {
			drawn += `${pen}${x(place).toFixed(1)} ${y(value).toFixed(1)}`;
			pen = 'L';
		}
	}
	return drawn;
}
