import type { Snippet } from 'svelte';

/** One column of a `DataTable`. */
export interface Column<Row> {
	id: string;
	label: string;
	/** Numbers stand at the right. */
	align?: 'left' | 'right';
	/** What the server sorts by; without it the column does not sort. */
	sort?: string;
	/** `secondary` columns are hidden on the phone. */
	secondary?: boolean;
	/** The label is only heard: the cells speak for themselves. */
	quiet?: boolean;
	cell: Snippet<[Row]>;
}
