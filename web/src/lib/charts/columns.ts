/**
 * Columns as bytes: a header of sixteen bytes, little-endian (`ASC1`, rows, columns, zero), the time as u32 seconds since 1970, then each
 * further column as float32. Enough to draw with and nothing to count with.
 */
export interface Columns {
	readonly time: Uint32Array;
	/** By name, without the time, in the order in which they came. */
	readonly values: ReadonlyMap<string, Float32Array>;
}

const MAGIC = 'ASC1';
const HEADER = 16;
const CELL = 4;

/** `names` is what the response header `X-Columns` says, the time first. */
export function decode(buffer: ArrayBuffer, names: string): Columns {
	const header = new DataView(buffer);
	const magic = String.fromCharCode(...new Uint8Array(buffer, 0, Math.min(CELL, buffer.byteLength)));
	if (magic !== MAGIC) throw new Error(`Columns begin with ${MAGIC}, not with ${JSON.stringify(magic)}.`);
	const rows = header.getUint32(4, true);
	const columns = header.getUint32(8, true);
	const said = names.split(',');
	if (said.length !== columns)
		throw new Error(`${columns} columns came, and X-Columns names ${said.length}.`);
	const expected = HEADER + rows * columns * CELL;
	if (buffer.byteLength !== expected)
		throw new Error(`${rows} rows of ${columns} columns are ${expected} bytes; ${buffer.byteLength} came.`);

	const values = new Map<string, Float32Array>();
	for (const [place, name] of said.entries()) {
		if (place > 0) values.set(name, new Float32Array(buffer, HEADER + place * rows * CELL, rows));
	}
	return { time: new Uint32Array(buffer, HEADER, rows), values };
}

/** The columns in the body of an answer; the server names them in a header. */
export async function columnsOf(response: Response): Promise<Columns> {
	return decode(await response.arrayBuffer(), response.headers.get('X-Columns') ?? '');
}

/** Columns side by side. They must stand at the same times: the right ones are laid beside the left ones row by row. */
export function beside(left: Columns, right: Columns): Columns {
	if (left.time.length !== right.time.length || left.time[0] !== right.time[0])
		throw new Error('Only columns of the same times can be put side by side.');
	return { time: left.time, values: new Map([...left.values, ...right.values]) };
}

export const EMPTY: Columns = { time: new Uint32Array(0), values: new Map() };
